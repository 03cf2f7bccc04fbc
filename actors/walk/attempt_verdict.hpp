#pragma once

#include "actors/walk/live_page.hpp"

#include <chrono>
#include <cstdint>

namespace orc {

/// What becomes of a page whose attempt did not succeed.
enum class attempt_verdict : std::uint8_t {
  /// It rests and is tried again, and keeps its slot.
  again,
  /// It is stuck: tried again when all others are done.
  stick,
  fail,
};

attempt_verdict
judge(const walk_rules& rules, const live_page& page, const page_result& how);

/// @returns how long a page rests after so many attempts.
std::chrono::milliseconds
rest_after(const walk_rules& rules, std::uint32_t attempts);

} // namespace orc
