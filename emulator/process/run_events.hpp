#pragma once

#include "transport/http/server.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace orc::emulator {

/// The events WebSocket of one run: tells every connection of the program the
/// same. Lives on the emulator's runtime.
class run_events {
public:
  run_events();

  /// Calls `close`.
  ~run_events();

  run_events(const run_events&) = delete;
  run_events& operator=(const run_events&) = delete;

  /// Accepts a connection, or closes it with 1008 if there are too many.
  void connect(const http::exchange_ptr& exchange);

  /// Sends `{"name":...,"createdAt":...,"data":...}`.
  /// @param data JSON text
  void send(std::string_view name, std::string_view data);

  /// Closes all connections with 1000: the run has ended, or its program.
  void close();

private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

/// Answers an events WebSocket of a run that is unknown or has ended: accepts
/// it and closes it with 1008, as the platform does.
void refuse_events(const http::exchange_ptr& exchange);

} // namespace orc::emulator
