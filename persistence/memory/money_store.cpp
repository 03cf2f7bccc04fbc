#include "persistence/memory/money_store.hpp"

#include <cmath>

namespace orc {

namespace {

constexpr std::size_t samples_of_target = 200;

} // namespace

memory_money_store_state::memory_money_store_state(money_store_actor::pointer) {
  // nop
}

money_store_actor::behavior_type memory_money_store_state::make_behavior() {
  return {
    [this](const save_ledger& x) { return save(x); },
    [this](const load_ledger&) { return load(); },
    [this](const save_samples& x) { return save(x); },
    [this](const load_samples&) { return samples(); },
  };
}

saved memory_money_store_state::save(const save_ledger& x) {
  for (const auto& key : x.removed)
    charges_.erase(key);
  for (const auto& charge : x.put)
    charges_.insert_or_assign(charge.key, charge);
  for (const auto& [budget, day, usd] : x.spent)
    spent_[{budget, day}] += std::llround(usd * 1e9);
  for (const auto& budget : x.budgets)
    budgets_.insert_or_assign(budget.settings.name, budget);
  return {};
}

stored_ledger memory_money_store_state::load() const {
  stored_ledger result;
  for (const auto& [key, charge] : charges_)
    result.charges.push_back(charge);
  for (const auto& [where, nano] : spent_)
    result.spent.push_back(
      {where.first, where.second, static_cast<double>(nano) / 1e9});
  for (const auto& [which, budget] : budgets_)
    result.budgets.push_back(budget);
  return result;
}

saved memory_money_store_state::save(const save_samples& x) {
  for (const auto& sample : x.samples) {
    auto& kept = samples_[sample.target];
    kept.push_back(sample);
    if (kept.size() > samples_of_target)
      kept.pop_front();
  }
  return {};
}

kept_samples memory_money_store_state::samples() const {
  kept_samples result;
  for (const auto& [target, kept] : samples_)
    result.samples.insert(result.samples.end(), kept.begin(), kept.end());
  return result;
}

money_store_actor::behavior_type memory_money_store(
  money_store_actor::stateful_pointer<memory_money_store_state> self) {
  return self->state.make_behavior();
}

} // namespace orc
