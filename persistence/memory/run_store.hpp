#pragma once

#include "messages/run_store.hpp"
#include "persistence/run_tally.hpp"

#include <caf/expected.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <string>
#include <unordered_map>

namespace orc {

/// The PERSISTENCE that forgets: for rehearsals, tests and hosts that want no
/// files. It answers as the one on SQLite does.
class memory_run_store_state {
public:
  static inline const char* name = "memory-run-store";

  explicit memory_run_store_state(run_store_actor::pointer);

  run_store_actor::behavior_type make_behavior();

private:
  caf::expected<inserted_runs> insert(const insert_runs& request);
  inserted_run insert(const new_run& x);
  caf::expected<saved> save(const save_run& request);
  caf::expected<saved> settle(const settle_run& request);
  caf::error check_bindings(const run_record& record) const;
  void bind_attempts(const run_record& record);
  caf::expected<loaded_run> load(run_key key) const;
  caf::expected<run_record> find(const run_ref& ref) const;
  caf::expected<record_page> list(const list_runs& request) const;
  unfinished_runs unfinished(const load_unfinished& request) const;
  unsettled_runs unsettled(const load_unsettled& request) const;
  bound_runs bound(const find_bound& request) const;
  saved save(const save_account& request);
  stored_accounts accounts() const;
  pruned_runs prune(const prune_runs& request);

  std::string instance_;
  run_key last_key_;
  std::map<run_key, loaded_run> runs_;
  std::map<run_ref, run_key> names_;
  std::unordered_map<std::string, run_key> bound_;
  std::map<std::string, secret> accounts_;
  run_tally tally_;
};

/// Starts a PERSISTENCE in memory.
run_store_actor::behavior_type memory_run_store(
  run_store_actor::stateful_pointer<memory_run_store_state> self);

} // namespace orc
