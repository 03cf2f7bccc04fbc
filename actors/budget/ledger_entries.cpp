// How the ledger enters charges, and counts them on budgets.

#include "actors/budget/ledger.hpp"

#include <algorithm>
#include <utility>

namespace orc {

/// Keeps money for an attempt on the budgets that count it, if any.
/// @param base_usd what is spent of it already.
void ledger::hold(const claim& x, double base_usd, nano_usd need,
                  const std::vector<purse*>& on, timestamp now) {
  if (on.empty())
    return;
  charge kept;
  kept.key = x.key;
  for (const auto* budget : on)
    kept.budgets.push_back(budget->settings().name);
  kept.usd = to_usd(need);
  kept.estimate_usd = x.estimate_usd.value_or(base_usd + kept.usd);
  kept.base_usd = base_usd;
  kept.at = now;
  enter({std::move(kept), std::nullopt});
}

void ledger::enter(const entry& x) {
  count(x.data, 1);
  put(x.data);
  entries_.insert_or_assign(x.data.key, x);
}

/// Forgets a charge as if it had never been.
void ledger::drop(const charge_key& x) {
  auto node = entries_.extract(x);
  if (node.empty())
    return;
  count(node.mapped().data, -1);
  changed_.erase(x);
  removed_.push_back(x);
}

/// Counts a charge, or takes it back, on its budgets.
void ledger::count(const charge& x, int sign) {
  if (x.state == charge_state::ended && sign > 0)
    ending_.emplace(x.at, x.key);
  else if (x.state == charge_state::ended)
    ending_.erase({x.at, x.key});
  for (const auto& name : x.budgets) {
    auto i = purses_.find(name);
    if (i == purses_.end())
      continue;
    auto amount = to_nano(x.usd);
    if (x.state == charge_state::assumed)
      i->second.spend(day_of(x.at), sign * amount);
    else if (sign > 0)
      i->second.reserve(amount);
    else
      i->second.release(amount);
  }
}

void ledger::put(const charge& x) {
  changed_.insert_or_assign(x.key, x);
}

/// Turns a charge into what was spent.
void ledger::finish(entries::iterator i, double usd) {
  const auto data = i->second.data;
  drop(data.key);
  auto cost = to_nano(std::max(0.0, usd - data.base_usd));
  if (cost == 0)
    return;
  for (const auto& name : data.budgets) {
    spent_.push_back({name, day_of(data.at), to_usd(cost)});
    if (auto found = purses_.find(name); found != purses_.end())
      found->second.spend(day_of(data.at), cost);
  }
}

/// Turns the part of a charge into what was spent that an attempt has cost so
/// far.
/// @returns the other part, which is not kept any more.
std::optional<ledger::entry>
ledger::finish_so_far(const charge_key& x, double usd) {
  auto i = entries_.find(x);
  if (i == entries_.end())
    return std::nullopt;
  auto rest = i->second;
  finish(i, usd);
  auto cost = std::max(0.0, usd - rest.data.base_usd);
  rest.data.base_usd += cost;
  rest.data.usd = std::max(0.0, rest.data.usd - cost);
  return rest;
}

void ledger::assume(entry& x) {
  count(x.data, -1);
  x.data.state = charge_state::assumed;
  x.data.usd = std::max(0.0, x.data.estimate_usd - x.data.base_usd);
  count(x.data, 1);
  put(x.data);
}

} // namespace orc
