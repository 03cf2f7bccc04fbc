#include "actors/walk/attempt_verdict.hpp"

#include <algorithm>

namespace orc {

namespace {

constexpr std::chrono::milliseconds longest_rest{100'000};

bool is_final(const walk_rules& rules, const page_result& how) {
  const auto& final_types = rules.non_retryable;
  return std::any_of(how.types.begin(), how.types.end(), [&](const auto& x) {
    return std::find(final_types.begin(), final_types.end(), x)
           != final_types.end();
  });
}

} // namespace

attempt_verdict
judge(const walk_rules& rules, const live_page& page, const page_result& how) {
  using verdict = attempt_verdict;
  if (how.end == page_end::hopeless)
    return verdict::fail;
  // Its items could not be had yet: nothing has begun.
  if (rules.mode == retry_mode::at_most_once)
    return page.is.started ? verdict::fail : verdict::again;
  if (how.end != page_end::retry && is_final(rules, how))
    return verdict::fail;
  if (!page.is_stuck && page.is.attempts < rules.initial_attempts)
    return verdict::again;
  return rules.extended_retry.count() > 0 ? verdict::stick : verdict::fail;
}

std::chrono::milliseconds
rest_after(const walk_rules& rules, std::uint32_t attempts) {
  auto result = rules.initial_backoff;
  for (std::uint32_t i = 1; i < attempts && result < longest_rest; ++i)
    result *= 2;
  return std::min(result, longest_rest);
}

} // namespace orc
