#pragma once

#include "emulator/platform/agenda.hpp"
#include "transport/asio/runtime.hpp"

#include <optional>

namespace orc::emulator {

/// Runs what an agenda holds when it is due, on the thread of a runtime.
class alarm {
public:
  /// Both must outlive it; the agenda is changed on the runtime alone.
  alarm(io_runtime& runtime, agenda& plan);

  /// From now on what is due is done.
  /// @pre called on the runtime
  void start();

private:
  void arm();
  void ring();

  agenda& agenda_;
  io_timer timer_;
  /// When the timer fires; nothing while it is not set.
  std::optional<moment> armed_for_;
};

} // namespace orc::emulator
