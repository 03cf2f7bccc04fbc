#pragma once

#include "emulator/api/clock.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace orc::emulator {

/// Counts the calls of each resource, second by second.
class rate_limiter {
public:
  /// @returns whether one more call at `rate` a second may pass.
  bool admit(std::string_view resource, std::uint32_t rate, moment when);

private:
  std::int64_t second_ = 0;
  std::unordered_map<std::string, std::uint32_t> calls_;
};

} // namespace orc::emulator
