#include "persistence/memory/run_store.hpp"

#include "persistence/instance.hpp"

namespace orc {

memory_run_store_state::memory_run_store_state(run_store_actor::pointer)
  : instance_{make_instance()} {
  // nop
}

run_store_actor::behavior_type memory_run_store_state::make_behavior() {
  return {
    [this](const insert_runs& x) { return book_.insert(x); },
    [this](const save_run& x) { return book_.save(x); },
    [this](const load_run& x) { return book_.load(x); },
    [this](const find_run& x) { return book_.find(x); },
    [this](const list_runs& x) { return book_.list(x); },
    [this](const load_unfinished& x) { return book_.unfinished(x); },
    [this](const find_bound& x) { return book_.bound(x); },
    [this](const load_totals& x) { return book_.totals(x); },
    [this](const save_account& x) { return book_.save_token(x); },
    [this](const load_accounts& x) { return book_.accounts(x); },
    [this](const prune_runs& x) { return pruned_runs{book_.prune(x).size()}; },
    [this](const check_store&) {
      return store_health{instance_, 0};
    },
  };
}

run_store_actor::behavior_type memory_run_store(
  run_store_actor::stateful_pointer<memory_run_store_state> self) {
  return self->state.make_behavior();
}

} // namespace orc
