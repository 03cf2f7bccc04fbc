#include "messages/health.hpp"

#include <fmt/format.h>

ORC_HEALTH_MESSAGES(ORC_DEFINE_MESSAGE)

namespace orc {

namespace {

/// @returns the first thing that is wrong, or "".
std::string problem_of(const health& x, const health_rules& rules) {
  if (!x.phase.empty())
    return x.phase;
  if (!x.answering)
    return "a part of the service hangs";
  if (rules.with_store && !x.store.writable)
    return x.store.reason;
  if (rules.with_platform)
    for (const auto& y : x.platform)
      if (y.reachable == false)
        return fmt::format("account {} cannot reach the platform: {}",
                           y.account, y.reason);
  if (rules.max_queued && x.backlog.queued > *rules.max_queued)
    return fmt::format("{} runs wait, more than {}", x.backlog.queued,
                       *rules.max_queued);
  return {};
}

} // namespace

void judge(health& x, const health_rules& rules) {
  x.reason = problem_of(x, rules);
  x.ready = x.reason.empty();
}

} // namespace orc
