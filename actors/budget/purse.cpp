#include "actors/budget/purse.hpp"

#include <algorithm>
#include <utility>

namespace orc {

namespace {

bool matches(const std::optional<std::string>& wanted, const std::string& x) {
  return !wanted || *wanted == x;
}

} // namespace

purse::purse(budget_settings settings) : settings_{std::move(settings)} {
  // nop
}

bool purse::counts(const run_scope& x) const {
  return matches(settings_.account, x.account)
         && matches(settings_.space, x.space)
         && matches(settings_.batch, x.batch);
}

void purse::reserve(nano_usd x) {
  reserved_ += x;
  ++live_;
}

void purse::release(nano_usd x) {
  reserved_ -= x;
  --live_;
}

void purse::spend(std::int64_t day, nano_usd x) {
  spent_[day] += x;
}

nano_usd purse::spent(timestamp now) const {
  nano_usd result = 0;
  auto i = spent_.lower_bound(first_day(settings_.period, now));
  for (; i != spent_.end(); ++i)
    result += i->second;
  return result;
}

nano_usd purse::left(timestamp now) const {
  return to_nano(settings_.cap_usd) - spent(now) - reserved_;
}

bool purse::fits(nano_usd need, timestamp now) const {
  auto rest = left(now);
  return rest > 0 && need <= rest;
}

bool purse::is_hopeless(nano_usd need, timestamp now) const {
  auto rest = to_nano(settings_.cap_usd) - spent(now);
  return rest <= 0 || need > rest;
}

bool purse::is_spent(timestamp now) const {
  return spent(now) >= to_nano(settings_.cap_usd);
}

void purse::wait(nano_usd need) {
  least_need_ = waiting_ == 0 ? need : std::min(least_need_, need);
  ++waiting_;
}

bool purse::open(timestamp now) {
  auto refuses = settings_.on_reached != budget_action::pause
                 && is_hopeless(least_need_, now);
  if (waiting_ == 0 || (!fits(least_need_, now) && !refuses))
    return false;
  waiting_ = 0;
  reached_ = false;
  return true;
}

bool purse::warn(timestamp now) {
  auto period = first_day(settings_.period, now);
  auto limit = settings_.cap_usd * settings_.warn_at;
  if (to_usd(spent(now)) < limit || warned_in_ == period)
    return false;
  warned_in_ = period;
  return true;
}

budget_view purse::view(timestamp now) const {
  budget_view x;
  x.name = settings_.name;
  x.account = settings_.account;
  x.space = settings_.space;
  x.batch = settings_.batch;
  x.period = settings_.period;
  x.on_reached = settings_.on_reached;
  x.cap_usd = settings_.cap_usd;
  x.spent_usd = to_usd(spent(now));
  x.reserved_usd = to_usd(reserved_);
  x.left_usd = to_usd(std::max(left(now), nano_usd{0}));
  x.warn_at = settings_.warn_at;
  x.warned = x.spent_usd >= x.cap_usd * x.warn_at;
  x.runs_live = live_;
  x.runs_waiting = waiting_;
  return x;
}

} // namespace orc
