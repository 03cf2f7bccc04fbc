#pragma once

#include "messages/base/error.hpp"
#include "transport/apify/api_call.hpp"

#include <algorithm>
#include <chrono>

namespace orc::apify {

/// How often a call is repeated at most, as the platform's own clients do. The
/// account of a token is asked for while somebody waits at a terminal: a wrong
/// address should show within seconds.
constexpr unsigned max_repeats(call_kind x) {
  return x == call_kind::user ? 2 : 8;
}

/// @returns whether a call that failed with `code` shall be sent again.
/// @param repeats how often it was repeated already.
constexpr bool should_repeat(call_kind kind, ec code, unsigned repeats) {
  auto passing = code == ec::rate_limited || code == ec::not_sent
                 || code == ec::answer_lost || code == ec::bad_answer;
  return passing && is_repeatable(kind) && repeats < max_repeats(kind);
}

/// @returns how long to wait before a repeat: 500 ms, doubled with each repeat
///          up to half a minute, times 1 to 2, so that many callers spread.
/// @param repeats how often it was repeated already.
/// @param jitter 0 to 1.
constexpr std::chrono::milliseconds backoff(unsigned repeats, double jitter) {
  auto base = std::min(
    500.0 * static_cast<double>(1u << std::min(repeats, 16u)), 30'000.0);
  return std::chrono::milliseconds{
    static_cast<std::int64_t>(base * (1.0 + jitter))};
}

} // namespace orc::apify
