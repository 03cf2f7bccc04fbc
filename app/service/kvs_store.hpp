#pragma once

#include "app/config/config.hpp"
#include "messages/apify_storage.hpp"
#include "messages/run_store.hpp"

#include <caf/expected.hpp>

#include <functional>

namespace caf {
class actor_system;
} // namespace caf

namespace orc::app {

/// Opens the PERSISTENCE in the key-value store that the configuration names by
/// id or name.
/// @param taken_over called if another process of the same platform run takes
///        the store over.
[[nodiscard]] caf::expected<run_store_actor>
open_kvs_store(caf::actor_system& system, const config& options,
               const apify_storage_actor& storage,
               std::function<void()> taken_over);

} // namespace orc::app
