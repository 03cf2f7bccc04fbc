#include "emulator/platform/rate_limiter.hpp"

namespace orc::emulator {

bool rate_limiter::admit(std::string_view resource, std::uint32_t rate,
                         moment when) {
  const auto second = when.time_since_epoch().count() / 1000;
  if (second != second_) {
    second_ = second;
    calls_.clear();
  }
  // Routes of different rates have counters of their own.
  auto key = std::string{resource};
  key.append(std::to_string(rate));
  auto& n = calls_[std::move(key)];
  if (n >= rate)
    return false;
  ++n;
  return true;
}

} // namespace orc::emulator
