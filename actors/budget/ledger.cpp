#include "actors/budget/ledger.hpp"

#include "actors/budget/amount_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace orc {

namespace {

/// What a budget with room for it grants, and why not where there is none.
std::string shortage(const purse& on, nano_usd need, timestamp now) {
  return fmt::format("budget {} has {} USD left, run needs {}",
                     on.settings().name,
                     print_amount(to_usd(std::max<nano_usd>(on.left(now), 0))),
                     print_amount(to_usd(need)));
}

/// The narrowest first: it is the one to raise.
int breadth(const budget_settings& x) {
  if (x.batch)
    return 0;
  return x.space ? 1 : x.account ? 2 : 3;
}

} // namespace

ledger::ledger(std::chrono::milliseconds patience) : patience_{patience} {
  // nop
}

void ledger::define(const budget_settings& x) {
  auto [i, added] = purses_.try_emplace(x.name, x);
  if (!added)
    i->second.change(x);
}

void ledger::restore(const stored_ledger& x) {
  for (const auto& spent : x.spent)
    if (auto i = purses_.find(spent.budget); i != purses_.end())
      i->second.spend(spent.day, to_nano(spent.usd));
  for (const auto& charge : x.charges) {
    entries_.emplace(charge.key, entry{charge, std::nullopt});
    count(charge, 1);
  }
}

const budget_settings* ledger::find(const std::string& budget) const {
  auto i = purses_.find(budget);
  return i == purses_.end() ? nullptr : &i->second.settings();
}

bool ledger::counts(const run_scope& x) const {
  return std::any_of(purses_.begin(), purses_.end(),
                     [&](const auto& y) { return y.second.counts(x); });
}

bool ledger::holds(const charge_key& x) const {
  return entries_.contains(x);
}

bool ledger::assumes(const charge_key& x) const {
  auto i = entries_.find(x);
  return i != entries_.end() && i->second.data.state == charge_state::assumed;
}

budget_answer ledger::reserve(const claim& x, timestamp now) {
  if (x.run_left_usd && *x.run_left_usd <= 0) {
    budget_answer result;
    result.short_of = "budgetUsd";
    result.reason = "the budget of the run itself is used up";
    result.refused = true;
    return result;
  }
  // What an earlier start of the same attempt kept, it keeps no more.
  auto rest = finish_so_far(x.key, x.base_usd);
  auto on = purses_of(x.scope);
  auto need = need_of(x, on);
  for (auto* budget : on)
    if (!budget->fits(need, now)) {
      auto result = deny(*budget, need, now);
      // It does not go on now: what it cost in the end is still to be told.
      if (rest && rest->data.state != charge_state::reserved)
        enter(*rest);
      return result;
    }
  auto result = grant(x, on, need, now);
  hold(x, rest ? rest->data.base_usd : x.base_usd, need, on, now);
  return result;
}

void ledger::release(const charge_key& x) {
  drop(x);
}

void ledger::ended(const charge_key& x, std::optional<double> usd,
                   timestamp now) {
  auto i = entries_.find(x);
  if (i == entries_.end())
    return;
  auto& [data, seen] = i->second;
  seen = usd;
  if (data.state != charge_state::reserved)
    return;
  count(data, -1);
  data.state = charge_state::ended;
  data.at = now;
  data.usd = std::max(data.usd, usd.value_or(0) - data.base_usd);
  count(data, 1);
  put(data);
}

void ledger::revive(const claim& x, double usd, timestamp now) {
  auto i = entries_.find(x.key);
  if (i == entries_.end())
    return hold(x, x.base_usd, to_nano(usd), purses_of(x.scope), now);
  auto& data = i->second.data;
  if (data.state == charge_state::reserved)
    return;
  count(data, -1);
  if (data.state == charge_state::assumed)
    data.usd = usd;
  data.state = charge_state::reserved;
  count(data, 1);
  put(data);
}

void ledger::settle(const charge_key& x, double usd) {
  auto i = entries_.find(x);
  if (i != entries_.end() && i->second.data.state != charge_state::reserved)
    finish(i, usd);
}

void ledger::write_off(const charge_key& x) {
  if (auto i = entries_.find(x); i != entries_.end())
    finish(i, i->second.data.estimate_usd);
}

std::vector<charge_key> ledger::settle_overdue(timestamp now) {
  std::vector<charge_key> result;
  while (!ending_.empty() && now - ending_.begin()->first >= patience_) {
    auto i = entries_.find(ending_.begin()->second);
    result.push_back(i->first);
    if (i->second.seen_usd)
      finish(i, *i->second.seen_usd);
    else
      assume(i->second);
  }
  return result;
}

std::optional<timestamp> ledger::next_due(timestamp now) const {
  std::optional<timestamp> result;
  auto add = [&](timestamp x) { result = std::min(x, result.value_or(x)); };
  if (!ending_.empty())
    add(ending_.begin()->first + patience_);
  for (const auto& [name, x] : purses_)
    if (auto end = end_of(x.settings().period, now))
      add(*end);
  return result;
}

void ledger::look(timestamp now) {
  using kind = ledger_notice::kind;
  for (auto& [name, x] : purses_) {
    if (x.warn(now))
      notices_.push_back(
        {kind::warned, name,
         fmt::format("budget {}: {:.2f} of {:.2f} USD are spent", name,
                     to_usd(x.spent(now)), x.settings().cap_usd)});
    if (x.is_spent(now))
      notices_.push_back({kind::spent, name, {}});
    if (x.open(now))
      notices_.push_back({kind::opened, name, {}});
  }
}

std::vector<ledger_notice> ledger::take_notices() {
  return std::exchange(notices_, {});
}

save_ledger ledger::take_changes() {
  save_ledger result;
  for (auto& [key, x] : std::exchange(changed_, {}))
    result.put.push_back(std::move(x));
  result.removed = std::exchange(removed_, {});
  result.spent = std::exchange(spent_, {});
  return result;
}

std::vector<charge_key> ledger::live_on(const std::string& budget) const {
  std::vector<charge_key> result;
  for (const auto& [key, x] : entries_)
    if (x.data.state == charge_state::reserved
        && std::ranges::find(x.data.budgets, budget) != x.data.budgets.end())
      result.push_back(key);
  return result;
}

std::vector<charge_key> ledger::charges() const {
  std::vector<charge_key> result;
  for (const auto& [key, x] : entries_)
    result.push_back(key);
  return result;
}

std::vector<budget_view> ledger::views(timestamp now) const {
  std::vector<budget_view> result;
  for (const auto& [name, x] : purses_)
    result.push_back(x.view(now));
  return result;
}

std::vector<purse*> ledger::purses_of(const run_scope& x) {
  std::vector<purse*> result;
  for (auto& [name, budget] : purses_)
    if (budget.counts(x))
      result.push_back(&budget);
  std::ranges::stable_sort(result, {}, [](const purse* y) {
    return breadth(y->settings());
  });
  return result;
}

nano_usd ledger::need_of(const claim& x, const std::vector<purse*>& on) const {
  auto assumed = 0.0;
  for (const auto* budget : on)
    assumed = std::max(assumed, budget->settings().assume_usd);
  auto need = x.cap_usd.value_or(x.estimate_usd.value_or(assumed));
  // The cap is on what the attempt costs from its beginning.
  if (x.cap_usd)
    need = std::max(0.0, need - x.base_usd);
  return to_nano(std::min(need, x.run_left_usd.value_or(need)));
}

budget_answer ledger::deny(purse& on, nano_usd need, timestamp now) {
  budget_answer result;
  result.short_of = on.settings().name;
  result.reason = shortage(on, need, now);
  result.alone = on.is_narrow();
  result.refused = on.settings().on_reached != budget_action::pause
                   && on.is_hopeless(need, now);
  if (!result.refused)
    on.wait(need);
  if (on.reach())
    notices_.push_back(
      {ledger_notice::kind::reached, result.short_of, result.reason});
  return result;
}

budget_answer ledger::grant(const claim& x, const std::vector<purse*>& on,
                            nano_usd need, timestamp now) {
  budget_answer result;
  auto limit = [&](double usd, const std::string& by) {
    if (result.cap_usd && *result.cap_usd <= usd)
      return;
    result.cap_usd = usd;
    result.limited_by = by;
  };
  if (x.cap_usd && (x.run_left_usd || !on.empty()))
    limit(*x.cap_usd, {});
  // The platform counts a resurrected run from its beginning.
  if (x.run_left_usd)
    limit(*x.run_left_usd + x.base_usd, {});
  for (const auto* budget : on)
    limit(to_usd(budget->left(now)) + x.base_usd, budget->settings().name);
  if (result.cap_usd)
    result.reserved_usd = to_usd(need);
  return result;
}

} // namespace orc
