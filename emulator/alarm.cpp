#include "emulator/alarm.hpp"

#include <algorithm>

namespace orc::emulator {

alarm::alarm(io_runtime& runtime, agenda& plan)
  : agenda_(plan), timer_(runtime) {
  // nop
}

void alarm::start() {
  agenda_.on_sooner([this] { arm(); });
  arm();
}

void alarm::arm() {
  if (agenda_.empty() || (armed_for_ && *armed_for_ <= agenda_.next()))
    return;
  armed_for_ = agenda_.next();
  const auto delay
    = std::max(*armed_for_ - now(), std::chrono::milliseconds{0});
  timer_.start(delay, [this] { ring(); });
}

void alarm::ring() {
  // While it stays set, what is planned meanwhile does not set the timer.
  agenda_.run(now());
  armed_for_.reset();
  arm();
}

} // namespace orc::emulator
