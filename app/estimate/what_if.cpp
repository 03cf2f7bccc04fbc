#include "app/estimate/what_if.hpp"

#include "app/config/load.hpp"
#include "app/estimate/own_history.hpp"

#include <algorithm>
#include <set>

namespace orc::app {

namespace {

constexpr std::size_t chunk = 1'000;

/// @returns the lesser of our own cap and what the platform allows.
template <class T>
std::optional<T> lesser(const std::optional<T>& cap, const T& allowed) {
  return std::min(cap.value_or(allowed), allowed);
}

} // namespace

/// Calls `f` with each request of the plan, a chunk of them in memory at a
/// time, then with each part of its lists.
template <class F>
void what_if::for_each_request(F f) const {
  for (std::size_t first = 0; first < plan_.size(); first += chunk)
    for (const auto& x : plan_.requests(first, chunk))
      f(x);
  for (const auto& list : lists_) {
    auto part = list.run;
    for (const auto& name : list.names) {
      part.name = name;
      f(part);
    }
  }
}

what_if::what_if(const plan& work, const config& options)
  : plan_{work}, options_{options} {
  auto accounts = accounts_of(options);
  if (!accounts.empty() && !accounts.front().token.empty())
    platform_.emplace(accounts.front());
}

caf::expected<plan_estimate>
what_if::answer(const std::optional<past_service>& service) {
  auto lists = cut_lists(plan_, options_);
  if (!lists)
    return std::move(lists.error());
  lists_ = std::move(*lists);
  if (auto err = read_own_history(service))
    return err;
  if (auto err = learn_all())
    return err;
  estimator result{known_};
  for_each_request([&](const run_request& x) {
    if (x.on_succeeded == end_policy::hand_out
        && history_.has_succeeded({x.space, x.name}))
      result.add_done();
    else
      result.add(x);
  });
  return finish(result);
}

caf::error
what_if::read_own_history(const std::optional<past_service>& service) {
  if (!service)
    return add_stored_runs(options_, history_);
  api_client client{service->url, service->token};
  return add_served_runs(client, history_);
}

caf::error what_if::learn_all() {
  std::set<run_target> targets;
  for_each_request([&](const run_request& x) { targets.insert(target_of(x)); });
  for (const auto& target : targets)
    if (auto err = learn(target))
      return err;
  return {};
}

caf::error what_if::learn(const run_target& target) {
  auto source = history_.knows(target) ? "store" : "platform";
  if (!history_.knows(target) && platform_)
    if (auto err = platform_->add_runs(target, history_))
      return err;
  auto& known = known_[target];
  if (auto x = history_.statistics(target))
    known = {x->samples,    source,     x->median_secs, x->p90_secs,
             x->median_usd, x->p90_usd, x->memory};
  if (auto memory = platform_ ? platform_->default_memory(target)
                              : std::optional<mebibytes>{})
    known.memory = memory;
  return {};
}

plan_estimate what_if::finish(const estimator& x) {
  schedule_limits limits{options_.max_memory, options_.max_runs,
                         options_.timing.max_overtake};
  auto is_capped = limits.memory || limits.runs;
  auto allowed
    = platform_ ? platform_->limits() : std::optional<account_limits>{};
  if (allowed) {
    limits.memory = lesser(limits.memory, allowed->max_memory);
    limits.runs = lesser(limits.runs, allowed->max_runs);
  }
  auto result = x.finish(limits);
  result.limits_from = allowed && is_capped ? "both"
                       : allowed            ? "platform"
                       : is_capped          ? "configuration"
                                            : "none";
  return result;
}

} // namespace orc::app
