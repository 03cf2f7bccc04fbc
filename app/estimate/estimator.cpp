#include "app/estimate/estimator.hpp"

#include <algorithm>

namespace orc::app {

namespace {

/// What the platform gives where neither a run nor its actor says.
constexpr mebibytes platform_default{1024};

double within_timeout(double secs, const run_options& options) {
  auto timeout = options.timeout_secs.value_or(0);
  return timeout > 0 ? std::min(secs, static_cast<double>(timeout)) : secs;
}

double within_cap(const std::optional<double>& usd, const run_options& x) {
  return std::min(usd.value_or(0),
                  x.max_total_charge_usd.value_or(usd.value_or(0)));
}

target_estimate
describe_target(const run_target& target, const known_target* known) {
  target_estimate result;
  result.target = target.id;
  result.is_task = target.is_task;
  result.source = "none";
  if (!known)
    return result;
  result.memory = known->memory;
  if (known->samples == 0)
    return result;
  result.samples = known->samples;
  result.source = known->source;
  result.median_secs = known->median_secs;
  result.p90_secs = known->p90_secs;
  result.median_usd = known->median_usd;
  result.p90_usd = known->p90_usd;
  return result;
}

} // namespace

run_target target_of(const run_request& x) {
  return x.task.empty() ? run_target{x.actor, false} : run_target{x.task, true};
}

void estimator::add_done() {
  ++sums_.runs;
  ++sums_.done;
}

void estimator::add(const run_request& x) {
  ++sums_.runs;
  auto target = target_of(x);
  auto i = known_.find(target);
  const auto* known = i != known_.end() ? &i->second : nullptr;
  auto& row = by_target_.try_emplace(target, describe_target(target, known))
                .first->second;
  ++row.runs;
  if (!known || known->samples == 0) {
    ++sums_.unknown;
    return;
  }
  auto memory = x.options.memory ? *x.options.memory
                                 : known->memory.value_or(platform_default);
  at_median_.push_back(
    {memory, x.priority, within_timeout(known->median_secs, x.options)});
  at_p90_.push_back(
    {memory, x.priority, within_timeout(known->p90_secs, x.options)});
  sums_.median_usd += within_cap(known->median_usd, x.options);
  sums_.p90_usd += within_cap(known->p90_usd, x.options);
}

plan_estimate estimator::finish(const schedule_limits& limits) const {
  auto result = sums_;
  auto typical = simulate(at_median_, limits);
  result.median_wall_secs = typical.wall_secs;
  result.p90_wall_secs = simulate(at_p90_, limits).wall_secs;
  result.never_fit = typical.never_fit;
  result.memory_limit = limits.memory;
  result.run_limit = limits.runs;
  for (const auto& [target, row] : by_target_)
    result.targets.push_back(row);
  return result;
}

} // namespace orc::app
