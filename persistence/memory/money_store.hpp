#pragma once

#include "messages/budget.hpp"
#include "messages/target_history.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <map>

namespace orc {

/// What the BUDGETS and the HISTORY keep, where nothing outlives the process.
using money_store_actor = ledger_store_actor::extend<
  caf::replies_to<save_samples>::with<saved>,
  caf::replies_to<load_samples>::with<kept_samples>>;

/// The PERSISTENCE of money that forgets. It answers as the one on SQLite does.
class memory_money_store_state {
public:
  static inline const char* name = "memory-money-store";

  explicit memory_money_store_state(money_store_actor::pointer);

  money_store_actor::behavior_type make_behavior();

private:
  saved save(const save_ledger& x);
  stored_ledger load() const;
  saved save(const save_samples& x);
  kept_samples samples() const;

  std::map<charge_key, charge> charges_;
  std::map<std::pair<std::string, std::int64_t>, std::int64_t> spent_;
  std::map<std::string, stored_budget> budgets_;
  std::map<run_target, std::deque<target_sample>> samples_;
};

/// Starts a PERSISTENCE of money in memory.
money_store_actor::behavior_type memory_money_store(
  money_store_actor::stateful_pointer<memory_money_store_state> self);

} // namespace orc
