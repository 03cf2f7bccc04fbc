#include "actors/account/admission.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orc {

std::string admission::explain(const queued_run& x, timestamp now) const {
  if (x.not_before && *x.not_before > now)
    return fmt::format("waits for its next attempt until {}",
                       to_string(*x.not_before));
  const auto* target = targets_.find(x.target);
  auto space = space_ids_.find(x.space);
  if (!target || space == space_ids_.end())
    return fmt::format("on its way to account {}", rules_.account);
  auto kind_of_it = run_class{x.priority, space->second,
                              targets_.number_of(*target), x.memory};
  if (auto text = holds_.reason(x.key, kind_of_it))
    return *text;
  if (auto text = explain_account(now))
    return *text;
  if (auto text = explain_target(*target, now))
    return *text;
  auto memory = x.memory ? x.memory : target_book::default_memory(*target);
  if (!memory)
    return fmt::format("the default memory of {} is not known yet",
                       x.target.id);
  auto kind = run_class{x.priority, space->second, 0, x.memory};
  auto before = queue_.count_before(kind, x.key);
  auto behind
    = before > 0
        ? fmt::format("behind {} runs of higher priority or age", before)
        : std::string{};
  if (capacity_.fits(*memory, now))
    return before > 0 ? behind : std::string{"about to start"};
  auto text = explain_capacity(*memory, now);
  return before > 0 ? fmt::format("{}, {}", text, behind) : text;
}

/// What holds back all runs of the account.
std::optional<std::string> admission::explain_account(timestamp now) const {
  if (capacity_.slots().source() == limits_source::nothing)
    return fmt::format("limits of account {} are not known yet",
                       rules_.account);
  if (unreachable_.holds(now))
    return fmt::format("the platform cannot be reached, next try at {}",
                       to_string(unreachable_.until()));
  if (capacity_.starting() >= rules_.max_starting)
    return fmt::format("account {} has {} starts under way", rules_.account,
                       capacity_.starting());
  return std::nullopt;
}

std::optional<std::string>
admission::explain_target(const target_entry& x, timestamp now) const {
  if (auto ready = x.pace.ready_at(); ready > now)
    return fmt::format("back-off of {} until {}", x.target.id,
                       to_string(ready));
  if (x.starting >= rules_.max_starting_of_target)
    return fmt::format("{} has {} starts under way", x.target.id, x.starting);
  return std::nullopt;
}

std::string admission::explain_capacity(mebibytes needed, timestamp now) const {
  const auto& slots = capacity_.slots();
  if (!slots.fits(1, now) && slots.limit())
    return fmt::format("account {} runs {} of {}", rules_.account,
                       slots.held() + slots.others(), *slots.limit());
  const auto& memory = capacity_.memory();
  auto refused = std::max(memory.blocked_until(now), slots.blocked_until(now));
  if (refused || !memory.free())
    return fmt::format("the platform refused a start of account {} just now{}",
                       rules_.account,
                       refused ? ", next try at " + to_string(*refused) : "");
  return fmt::format("account {} has {} free, run needs {}", rules_.account,
                     mebibytes{*memory.free()}, needed.count);
}

} // namespace orc
