#pragma once

#include "emulator/process/actor_folder.hpp"
#include "emulator/process/environment.hpp"
#include "emulator/process/process.hpp"
#include "emulator/process/run_events.hpp"
#include "emulator/process/usage_meter.hpp"
#include "transport/http/server.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace orc {
class io_runtime;
} // namespace orc

namespace orc::emulator {

/// Why a program was started again. After an error, it is up to the owner of
/// the container to make another one.
enum class restart_reason : std::uint8_t { migration, reboot, error };

struct container_options {
  run_environment run;
  actor_folder actor;
  /// What is left of the log's cap of 10,485,760 characters.
  std::size_t max_log_chars = 10'485'760;
  /// From the event `migrating` until the process is killed.
  std::chrono::milliseconds migration_grace{5'000};
  /// From the event `aborting` until the process is killed.
  std::chrono::milliseconds abort_grace{30'000};
  /// The pause between two `systemInfo` events.
  std::chrono::milliseconds system_info_interval{1'000};
};

struct container_callbacks {
  /// Whole lines, each with its time stamp and `\n`.
  std::function<void(std::string lines)> on_log;
  /// The process was started again.
  std::function<void(restart_reason)> on_restart;
  /// Called once: the process ended and will not be started again. Then
  /// nothing else is called. The callback may destroy the container.
  std::function<void(process_exit)> on_exit;
};

/// Runs the program of one run as the platform's containers do: gives it its
/// environment, an events WebSocket and a web server port, stamps its log, and
/// starts it again after a migration or a reboot.
///
/// Lives on the emulator's runtime. Destroying it kills the program.
///
///     start ─▶ running ──────────────────────────────▶ exited
///               │  ▲                                     ▲
///               ├──┘ migrate: event, grace, kill, start  │
///               ├──┘ reboot: kill, start                 │
///               └─ abort_gracefully: events, grace ─ kill┘
class container {
public:
  container(io_runtime& runtime, container_options options,
            container_callbacks callbacks);
  ~container();

  container(const container&) = delete;
  container& operator=(const container&) = delete;

  /// Starts the program.
  /// @returns why it cannot be started, if so; then `on_exit` is not called.
  std::optional<process_error> start();

  /// Moves the program to another machine, so to speak.
  void migrate();

  /// Kills the program and starts it again.
  void reboot();

  /// Tells the program to end, and kills it after the grace.
  void abort_gracefully();

  /// Kills the program; `on_exit` follows.
  void kill();

  /// Serves the events WebSocket to the program.
  void connect_events(const http::exchange_ptr& exchange);

  container_usage usage() const;

  /// @returns the URL of the program's web server.
  const std::string& url() const noexcept;

private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

} // namespace orc::emulator
