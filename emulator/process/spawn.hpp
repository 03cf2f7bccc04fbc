#pragma once

#include "emulator/process/process.hpp"

#include <utility>
#include <variant>

namespace orc::emulator {

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

  void reset() noexcept;

private:
  int fd_ = -1;
};

/// A program that was started and not waited for yet.
struct spawned {
  int pid = -1;
  /// Becomes readable when the program ends.
  owned_fd pidfd;
  /// Its standard output and standard error; reads do not block.
  owned_fd output;
};

/// Starts a program as the leader of a new process group, which inherits
/// nothing but its output and gets SIGKILL when the calling thread ends.
std::variant<spawned, process_error> spawn(const process_options& options);

} // namespace orc::emulator
