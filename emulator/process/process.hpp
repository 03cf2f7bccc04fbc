#pragma once

#include "transport/process/spawn.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace orc {
class io_runtime;
} // namespace orc

namespace orc::emulator {

/// What to start.
struct process_options {
  /// The program, looked for in the PATH of `environment`, and its arguments.
  std::vector<std::string> command;
  std::filesystem::path working_directory;
  /// `NAME=value`, the whole of it.
  std::vector<std::string> environment;
  /// Output beyond that is read and thrown away.
  std::size_t max_output_bytes = 10'485'760;
};

using orc::process_error;
using orc::process_exit;

/// Called on the runtime.
struct process_callbacks {
  /// Pieces of standard output and standard error, as they come.
  std::function<void(std::string)> on_output;
  /// Called once, after the last output. May destroy the process.
  std::function<void(process_exit)> on_exit;
};

/// What a process and its descendants use right now.
struct process_usage {
  std::uint64_t memory_bytes = 0;
  std::chrono::milliseconds cpu_time{0};
};

/// A program that runs in a process group of its own, without an input. A
/// thread waits for its output and its end; there are no signal handlers.
///
/// Its end is the end of the whole group. The program dies with the thread that
/// started it, so that a killed emulator leaves nothing behind.
class process {
public:
  /// Starts a program.
  /// @pre called on `runtime`, which has one thread
  static std::variant<std::unique_ptr<process>, process_error>
  start(io_runtime& runtime, const process_options& options,
        process_callbacks callbacks);

  /// Kills the group; no callback comes any more.
  ~process();

  process(const process&) = delete;
  process& operator=(const process&) = delete;

  /// Sends SIGTERM to the group.
  void terminate();

  /// Sends SIGKILL to the group.
  void kill();

  process_usage usage() const;

private:
  struct impl;
  explicit process(std::shared_ptr<impl> state);

  std::shared_ptr<impl> impl_;
};

} // namespace orc::emulator
