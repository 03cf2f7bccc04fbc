#pragma once

#include "messages/walk/walk_store.hpp"

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include <filesystem>

namespace orc {

struct walk_store_options {
  /// Of a store that is open, which locks it; empty: keeps all in memory.
  std::filesystem::path directory;
  /// What seals: see `sqlite_store_options`.
  secret key;
};

/// Opens the batches of a data directory, `batches.db`, and spawns their WALK
/// STORE.
/// @returns `ec::store_newer`, `ec::store_corrupt` or `ec::store_failed`, and
///          changes nothing then.
caf::expected<walk_store_actor>
open_walk_store(caf::actor_system& system, const walk_store_options& options);

} // namespace orc
