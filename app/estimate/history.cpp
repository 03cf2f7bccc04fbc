#include "app/estimate/history.hpp"

#include <algorithm>
#include <cmath>

namespace orc::app {

namespace {

constexpr double median = 0.5;
constexpr double p90 = 0.9;

std::optional<double> secs_between(const std::optional<timestamp>& from,
                                   const std::optional<timestamp>& to) {
  if (!from || !to || *to < *from)
    return std::nullopt;
  return static_cast<double>((*to - *from).count()) / 1000;
}

} // namespace

double percentile(std::vector<double> values, double share) {
  auto rank = std::ceil(share * static_cast<double>(values.size()));
  auto index = static_cast<std::ptrdiff_t>(std::max(rank, 1.0)) - 1;
  auto wanted = values.begin() + index;
  std::nth_element(values.begin(), wanted, values.end());
  return *wanted;
}

run_target run_history::target_of(const run& x) {
  return {x.task.value_or(x.actor.value_or("")), x.task.has_value()};
}

void run_history::add(const run& x) {
  if (succeeded(x))
    succeeded_.insert({x.space, x.name});
  for (const auto& attempt : x.attempts) {
    auto secs = secs_between(attempt.started_at, attempt.finished_at);
    if (secs && attempt.resurrections == 0)
      samples_[target_of(x)].push_back(
        {*secs, attempt.usage_total_usd, x.memory,
         attempt.status == remote_status::succeeded});
  }
}

void run_history::add(const run_target& target, const remote_run& x) {
  auto secs = secs_between(x.started_at, x.finished_at);
  if (secs && is_terminal(x.status) && x.resurrect_count == 0)
    samples_[target].push_back({*secs, x.usage_total_usd, x.memory,
                                x.status == remote_status::succeeded});
}

std::optional<target_statistics>
run_history::statistics(const run_target& target) const {
  auto found = samples_.find(target);
  if (found == samples_.end())
    return std::nullopt;
  auto samples = found->second;
  auto failed = [](const sample& x) { return !x.succeeded; };
  if (!std::all_of(samples.begin(), samples.end(), failed))
    std::erase_if(samples, failed);
  return summarize(samples);
}

target_statistics run_history::summarize(const std::vector<sample>& samples) {
  std::vector<double> secs;
  std::vector<double> usd;
  std::map<mebibytes, std::size_t> memory;
  for (const auto& x : samples) {
    secs.push_back(x.secs);
    if (x.usd)
      usd.push_back(*x.usd);
    if (x.memory)
      ++memory[*x.memory];
  }
  target_statistics result;
  result.samples = secs.size();
  result.median_secs = percentile(secs, median);
  result.p90_secs = percentile(secs, p90);
  if (!usd.empty()) {
    result.median_usd = percentile(usd, median);
    result.p90_usd = percentile(usd, p90);
  }
  auto most = std::max_element(memory.begin(), memory.end(),
                               [](const auto& x, const auto& y) {
                                 return x.second < y.second;
                               });
  if (most != memory.end())
    result.memory = most->first;
  return result;
}

} // namespace orc::app
