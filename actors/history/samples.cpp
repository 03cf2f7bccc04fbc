#include "actors/history/samples.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace orc {

namespace {

/// As many as the store keeps.
constexpr std::size_t kept_of_target = 200;

double mean_of(const std::vector<double>& xs) {
  auto sum = std::accumulate(xs.begin(), xs.end(), 0.0);
  return xs.empty() ? 0 : sum / static_cast<double>(xs.size());
}

/// @returns the smallest value that nine of ten do not exceed.
double p90_of(std::vector<double> xs) {
  if (xs.empty())
    return 0;
  auto nth = xs.begin() + static_cast<std::ptrdiff_t>((xs.size() * 9 - 1) / 10);
  std::nth_element(xs.begin(), nth, xs.end());
  return *nth;
}

} // namespace

void samples::add(const target_sample& x) {
  auto& kept = kept_[x.target];
  kept.push_back(x);
  if (kept.size() > kept_of_target)
    kept.pop_front();
}

target_history samples::of(const run_target& target) const {
  target_history result;
  result.target = target;
  auto i = kept_.find(target);
  if (i == kept_.end())
    return result;
  std::vector<double> secs;
  std::vector<double> usd;
  for (const auto& x : i->second) {
    secs.push_back(x.secs);
    if (x.usd)
      usd.push_back(*x.usd);
  }
  result.runs = secs.size();
  result.mean_secs = mean_of(secs);
  result.p90_secs = p90_of(std::move(secs));
  result.priced_runs = usd.size();
  result.mean_usd = mean_of(usd);
  result.p90_usd = p90_of(std::move(usd));
  return result;
}

} // namespace orc
