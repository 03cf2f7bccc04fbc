#pragma once

#include "messages/task/task.hpp"
#include "messages/task/task_store/live.hpp"
#include "persistence/sqlite/statement.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orc::sqlite {

// How tasks are read of rows. Ids need the number of their store.

/// @param rest what follows the tables `tasks t`, `task_groups g` and
///             `task_leases l`
/// @returns a query for `task_of`.
std::string select_tasks(std::string_view rest);

task task_of(const cursor& row, std::uint32_t store);

/// @param column of `parent_ids`
std::vector<std::string> ids_of(const cursor& row, int column);

/// Columns for `parent_of`, of `tasks t`.
inline constexpr std::string_view parent_columns
  = "t.key, t.created_at, t.channel, t.input, t.output";

task_parent parent_of(const cursor& row, std::uint32_t store);

/// Columns for `live_task_of`, of `tasks t` and `task_leases l`.
inline constexpr std::string_view live_columns
  = "t.key, t.group_key, t.channel, t.workgroup, t.dedup_key, t.created_at, "
    "t.run_after, t.priority, t.error_delay, t.attempts, "
    "t.parents_complete, t.parent_ids, l.worker, l.since, l.until, "
    "t.fails_on_lease_end";

/// @returns all but the parents that are not complete.
live_task live_task_of(const cursor& row);

} // namespace orc::sqlite
