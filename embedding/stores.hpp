#pragma once

#include "embedding/options.hpp"

#include <caf/expected.hpp>

#include <functional>

namespace orc {

/// Opens a store of ours. A host that puts actors of its own in front of it
/// opens it so, hands over its own as `orchestrator_options::store`, and closes
/// it once the orchestrator is gone. Blocks.
/// @param storage the platform of the first account, for a key-value store.
/// @param taken_over called if another process of the same platform run takes
///        the key-value store over.
/// @returns its actors, or a sentence that tells what to do:
///          `ec::store_locked`, `ec::store_newer`, `ec::store_corrupt`,
///          `ec::wrong_key`, `ec::store_failed`, `ec::unauthorized`. Nothing is
///          changed then.
[[nodiscard]] caf::expected<store_actors>
open_store(caf::actor_system& system, const store_choice& choice,
           const apify_storage_actor& storage = {},
           std::function<void()> taken_over = {});

/// Ends the actors of a store that `open_store` opened, and waits for it: at
/// most 5 s each.
void close_store(caf::actor_system& system, const store_actors& x);

} // namespace orc
