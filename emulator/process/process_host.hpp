#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace orc {
class io_runtime;
} // namespace orc

namespace orc::emulator {

/// What to start.
struct process_options {
  std::vector<std::string> command;
  std::filesystem::path working_directory;
  /// `NAME=value`, the whole of it.
  std::vector<std::string> environment;
};

/// How a process ended: with an exit code, or by a signal.
struct process_exit {
  std::optional<int> code;
  int signal = 0;

  bool ok() const noexcept {
    return code == 0;
  }
};

struct process_callbacks {
  /// Pieces of standard output and standard error, as they come.
  std::function<void(std::string)> on_output;
  /// Called once, after the last output.
  std::function<void(process_exit)> on_exit;
};

/// What a process and its descendants use right now.
struct process_usage {
  std::uint64_t memory_bytes = 0;
  std::chrono::milliseconds cpu_time{0};
};

struct process_error {
  std::string message;
};

/// A program that runs, in a process group of its own. Once it is destroyed the
/// group is killed and no callback comes any more.
class process {
public:
  virtual ~process() = default;

  virtual int pid() const noexcept = 0;

  /// Sends SIGTERM to the group.
  virtual void terminate() = 0;

  /// Sends SIGKILL to the group.
  virtual void kill() = 0;

  virtual process_usage usage() const = 0;
};

/// Starts processes and watches them from one thread of its own, which waits
/// for output and ends (epoll and pidfds: no signal handlers, no polling) and
/// calls back on the runtime. The processes die with the host, and with the
/// thread that started them.
class process_host {
public:
  explicit process_host(io_runtime& runtime);

  /// Kills what still runs.
  ~process_host();

  process_host(const process_host&) = delete;
  process_host& operator=(const process_host&) = delete;

  /// Starts a program.
  /// @pre called on the runtime, which has one thread
  std::variant<std::unique_ptr<process>, process_error>
  start(const process_options& options, process_callbacks callbacks);

private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

} // namespace orc::emulator
