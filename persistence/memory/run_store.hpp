#pragma once

#include "persistence/run_book.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <string>

namespace orc {

/// The PERSISTENCE that forgets: for rehearsals, tests and hosts that want no
/// files. It answers as the one on SQLite does.
class memory_run_store_state {
public:
  static inline const char* name = "memory-run-store";

  explicit memory_run_store_state(run_store_actor::pointer);

  run_store_actor::behavior_type make_behavior();

private:
  std::string instance_;
  run_book book_;
};

/// Starts a PERSISTENCE in memory.
run_store_actor::behavior_type memory_run_store(
  run_store_actor::stateful_pointer<memory_run_store_state> self);

} // namespace orc
