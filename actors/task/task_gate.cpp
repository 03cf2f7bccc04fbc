#include "actors/task/task_gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace orc {

namespace {

double millis_of(timestamp x) {
  return static_cast<double>(x.millis);
}

/// @returns how long one token takes to come back, in milliseconds.
double period_of(const task_limits& x) {
  return 1000 / *x.rate_per_sec;
}

} // namespace

void task_gate::limit(const std::optional<task_limits>& x, double full_at) {
  limits_ = x;
  full_at_ = full_at;
}

bool task_gate::is_open(timestamp now) const {
  return has_slot() && !opens_at(now);
}

bool task_gate::has_slot() const {
  return !limits_ || !limits_->concurrency || running_ < *limits_->concurrency;
}

timestamp task_gate::next_token() const {
  auto rest = (burst_of(*limits_) - 1) * period_of(*limits_);
  return {static_cast<std::int64_t>(std::ceil(full_at_ - rest))};
}

std::optional<timestamp> task_gate::opens_at(timestamp now) const {
  if (!limits_ || !limits_->rate_per_sec || next_token() <= now)
    return std::nullopt;
  return next_token();
}

std::optional<double> task_gate::tokens(timestamp now) const {
  if (!limits_ || !limits_->rate_per_sec)
    return std::nullopt;
  auto missing = std::max(0.0, full_at_ - millis_of(now));
  return std::max(0.0, burst_of(*limits_) - missing / period_of(*limits_));
}

void task_gate::spend(timestamp now) {
  if (!limits_ || !limits_->rate_per_sec)
    return;
  full_at_ = std::max(full_at_, millis_of(now)) + period_of(*limits_);
}

void task_gate::observe(timestamp now) {
  if (!limits_ || !limits_->rate_per_sec)
    return;
  auto fill = burst_of(*limits_) * period_of(*limits_);
  full_at_ = std::min(full_at_, millis_of(now) + fill);
}

std::string task_gate::problem(timestamp now) const {
  if (!has_slot())
    return fmt::format("{} of {} tasks are with workers", running_,
                       *limits_->concurrency);
  if (auto at = opens_at(now))
    return fmt::format("no token before {}, {} come back a second",
                       to_string(*at), *limits_->rate_per_sec);
  return "";
}

} // namespace orc
