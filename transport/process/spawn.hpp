#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace orc {

/// A file descriptor that is closed with its owner.
class owned_fd {
public:
  owned_fd() = default;

  explicit owned_fd(int fd) noexcept : fd_(fd) {
    // nop
  }

  owned_fd(owned_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {
    // nop
  }

  owned_fd& operator=(owned_fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  ~owned_fd();

  int get() const noexcept {
    return fd_;
  }

  explicit operator bool() const noexcept {
    return fd_ >= 0;
  }

  void reset() noexcept;

private:
  int fd_ = -1;
};

/// How a process ended: with an exit code, or by a signal.
struct process_exit {
  std::optional<int> code;
  int signal = 0;

  bool ok() const noexcept {
    return code == 0;
  }
};

struct process_error {
  std::string message;
};

/// Where the output of a program goes.
enum class process_output : std::uint8_t {
  /// Both kinds through one pipe, whose reads do not block.
  one_pipe,
  /// Each through a pipe of its own, whose reads do not block.
  two_pipes,
  /// Both to our standard error.
  our_errors,
};

struct spawn_options {
  /// The program, looked for in the PATH of `environment`, and its arguments.
  std::vector<std::string> command;
  /// Where it starts; "": where we are.
  std::string directory;
  /// `NAME=value`, the whole of it.
  std::vector<std::string> environment;
  /// Standard input is a pipe, else it is empty.
  bool reads_input = false;
  process_output output = process_output::one_pipe;
  /// Most address space that each of its processes may have, in bytes.
  std::optional<std::uint64_t> address_space;
  /// `cgroup.procs` of the groups in which it starts.
  std::vector<std::string> groups;
};

/// A program that was started. Whoever has it calls `reap` in the end.
struct spawned {
  int pid = -1;
  /// Becomes readable when the program ends.
  owned_fd pidfd;
  owned_fd input;
  owned_fd output;
  owned_fd errors;
};

/// Starts a program as the leader of a new process group, which inherits
/// nothing but its files and gets SIGKILL when the calling thread ends.
std::variant<spawned, process_error> spawn(const spawn_options& options);

/// @returns our environment as `spawn` wants it, with some variables set.
std::vector<std::string>
our_environment(const std::vector<std::pair<std::string, std::string>>& more);

/// @returns whether a program has ended, reaped or not.
bool has_ended(const spawned& x);

/// @returns how a program ended, without forgetting it.
/// @pre its `pidfd` is readable
process_exit exit_of(const spawned& x);

/// Waits for the end of a program and forgets it: from then on others may have
/// its number.
/// @returns how it ended; nothing if somebody else was told, as where SIGCHLD
///          is ignored.
std::optional<process_exit> reap(const spawned& x);

/// Reaps a child that has ended, unless `spawn` has started it: then whoever
/// has it does.
void reap_stray(int pid);

} // namespace orc
