#pragma once

#include "messages/run_store.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <chrono>

namespace orc {

/// Removes final runs from the store once they are old: at the start and every
/// hour.
struct prune_now {
  static constexpr auto fields = describe("prune_now", "Removes old runs.");
};

using pruner_actor = caf::typed_actor<caf::reacts_to<prune_now>>;

pruner_actor::behavior_type
pruner(pruner_actor::pointer self, run_store_actor store,
       std::chrono::milliseconds retention);

} // namespace orc
