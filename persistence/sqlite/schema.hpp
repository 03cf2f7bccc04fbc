#pragma once

#include "persistence/sqlite/database.hpp"

#include <span>
#include <string_view>

namespace orc::sqlite {

/// One step from a schema to the next, from NNNN_*.sql. Forward only: what was
/// released is never edited.
struct migration {
  std::string_view name;
  std::string_view sql;
};

/// All steps of one kind of store; the first one leads to version 1.
using migration_list = std::span<const migration>;

/// @returns those of `orchestrator.db`, in migrations/.
migration_list migrations();

/// @returns those of `tasks.db`, in task_migrations/.
migration_list task_migrations();

/// @returns those of `batches.db`, in walk_migrations/.
migration_list walk_migrations();

/// Refuses what is not ours to change: another program's database
/// (`ec::store_corrupt`) or a newer version's (`ec::store_newer`). Changes
/// nothing.
void check_version(database& db, migration_list steps);

/// Chooses durability and sizes; see docs/adr/0009.
void configure(database& db);

/// Brings the schema up to date, each step in a transaction of its own.
void migrate(database& db, migration_list steps);

} // namespace orc::sqlite
