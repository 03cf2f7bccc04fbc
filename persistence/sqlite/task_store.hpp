#pragma once

#include "messages/task/task_store.hpp"

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include <filesystem>

namespace orc {

/// Opens the tasks of a data directory, `tasks.db`, and spawns their TASK
/// STORE: beside the runs, since a million tasks must not slow a run down, and
/// no step concerns both.
/// @param directory of a store that is open, which locks it; empty: keeps all
///                  in memory.
/// @returns `ec::store_newer`, `ec::store_corrupt` or `ec::store_failed`, and
///          changes nothing then.
caf::expected<task_store_actor>
open_task_store(caf::actor_system& system,
                const std::filesystem::path& directory);

namespace sqlite {

/// Does in a copy of `tasks.db` what the copy of its journal beside it has, and
/// the database has not. Throws `failure`.
void settle_task_copy(const std::filesystem::path& file);

} // namespace sqlite

} // namespace orc
