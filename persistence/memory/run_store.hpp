#pragma once

#include "messages/batch_store.hpp"
#include "messages/bus/bus_store.hpp"
#include "messages/hook_store.hpp"
#include "messages/split_store.hpp"
#include "persistence/memory/bus_book.hpp"
#include "persistence/memory/hook_book.hpp"
#include "persistence/memory/split_book.hpp"
#include "persistence/run_book.hpp"
#include "persistence/run_tally.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <string>

namespace orc {

/// The conversations that the one store has.
using memory_store_actor = run_store_actor::extend_with<hook_store_actor>::
  extend_with<split_store_actor>::extend_with<batch_store_actor>::extend_with<
    bus_store_actor>;

/// The PERSISTENCE that forgets: for rehearsals, tests and hosts that want no
/// files. It answers as the one on SQLite does.
class memory_run_store_state {
public:
  static inline const char* name = "memory-run-store";

  explicit memory_run_store_state(memory_store_actor::pointer self);

  memory_store_actor::behavior_type make_behavior();

private:
  caf::expected<inserted_runs> insert(const insert_runs& request);
  caf::expected<saved> save(const save_run& request);
  caf::expected<saved> settle(const settle_run& request);
  std::optional<tallied_run> tally_of(run_key key) const;
  stored_batches stored() const;
  batch_names names(const list_batch_names& request) const;
  redriven_deliveries redrive(const redrive_deliveries& request);
  void owe(const std::optional<tallied_run>& before, const run_record& after);
  saved end(const end_command& request);
  saved owe(const owe_events& request);
  void announce_deliveries();

  memory_store_actor::pointer self_;
  std::string instance_;
  run_book book_;
  split_book splits_;
  std::map<run_ref, batch_record> batches_;
  hook_book hooks_;
  bus_book commands_;
  std::vector<delivery_sink> delivery_sinks_;
};

/// Starts a PERSISTENCE in memory.
memory_store_actor::behavior_type memory_run_store(
  memory_store_actor::stateful_pointer<memory_run_store_state> self);

} // namespace orc
