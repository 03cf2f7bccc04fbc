#pragma once

#include "emulator/process/container.hpp"
#include "transport/http/server.hpp"

#include <memory>
#include <optional>
#include <string>

namespace orc::emulator {

struct run;

/// How the work of a run ended by itself.
struct work_end {
  int exit_code = 0;
  /// Scripts may end as no program can: aborted or timed out.
  bool aborted = false;
  bool timed_out = false;
};

/// Hears what the work of runs does.
class work_listener {
public:
  virtual ~work_listener() = default;

  /// Whole lines with their time stamps.
  virtual void on_log(run& which, std::string lines) = 0;

  /// The work goes on after a new start of its own.
  virtual void on_restart(run& which, restart_reason why) = 0;

  /// The work ended. May destroy the execution.
  virtual void on_end(run& which, work_end how) = 0;
};

/// What a run does: a script or a program. Destroying it ends it.
class execution {
public:
  virtual ~execution() = default;

  /// Starts the work.
  /// @returns why that cannot be, or ""
  virtual std::string start() = 0;

  /// Tells the work to end; `on_end` follows, within 30 s.
  virtual void abort_gracefully() = 0;

  /// Ends the work; `on_end` follows, never inside this call.
  virtual void kill() = 0;

  virtual void migrate() = 0;

  virtual void reboot() = 0;

  /// Serves the run's events WebSocket.
  virtual void connect_events(const http::exchange_ptr& exchange) = 0;

  /// @returns the URL of the run's web server, or "".
  virtual std::string url() const = 0;

  virtual container_usage usage() const = 0;
};

} // namespace orc::emulator
