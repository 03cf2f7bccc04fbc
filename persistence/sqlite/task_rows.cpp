#include "persistence/sqlite/task_rows.hpp"

#include "messages/task/object_id.hpp"

#include <fmt/format.h>

namespace orc::sqlite {

namespace {

constexpr std::string_view task_columns
  = "t.key, t.created_at, t.group_key, g.created_at, g.paused, t.name, "
    "t.channel, t.workgroup, t.dedup_key, t.attempts, t.parents_complete, "
    "t.complete, t.priority, t.run_after, t.progress_weight, t.seed, "
    "t.error_delay, t.input, t.output, t.errors, t.parent_ids, l.worker, "
    "l.since, t.fails_on_lease_end";

constexpr std::string_view task_tables
  = "tasks t JOIN task_groups g ON g.key=t.group_key "
    "LEFT JOIN task_leases l ON l.task=t.key";

std::uint64_t number_of(const cursor& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

timestamp time_of(const cursor& row, int column) {
  return {row.integer(column)};
}

std::optional<timestamp> maybe_time(const cursor& row, int column) {
  auto millis = row.optional_integer(column);
  return millis ? std::optional{timestamp{*millis}} : std::nullopt;
}

std::optional<std::string> maybe_text(const cursor& row, int column) {
  return row.is_null(column) ? std::nullopt
                             : std::optional{std::string{row.text(column)}};
}

json_text json_of(const cursor& row, int column) {
  return row.is_null(column) ? json_text{}
                             : json_text{std::string{row.text(column)}};
}

} // namespace

std::string select_tasks(std::string_view rest) {
  return fmt::format("SELECT {} FROM {} {}", task_columns, task_tables, rest);
}

std::vector<std::string> ids_of(const cursor& row, int column) {
  // Ids hold no characters that JSON escapes.
  auto text = row.text(column);
  std::vector<std::string> result;
  for (auto at = text.find('"'); at != std::string_view::npos;
       at = text.find('"', at)) {
    auto end = text.find('"', at + 1);
    result.emplace_back(text.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return result;
}

task task_of(const cursor& row, std::uint32_t store) {
  task x;
  x.id = make_object_id(id_of::task, time_of(row, 1), store, number_of(row, 0));
  x.created_at = time_of(row, 1);
  x.group_id
    = make_object_id(id_of::group, time_of(row, 3), store, number_of(row, 2));
  x.is_paused = row.integer(4) != 0;
  x.name = maybe_text(row, 5);
  x.channel = maybe_text(row, 6);
  x.workgroup = maybe_text(row, 7);
  x.key = maybe_text(row, 8);
  x.remaining_attempts = row.integer(9);
  x.parents_complete = row.integer(10) != 0;
  x.is_complete = row.integer(11) != 0;
  x.priority = row.real(12);
  x.run_after = maybe_time(row, 13);
  x.progress_weight = row.real(14);
  x.is_seed = row.integer(15) != 0;
  x.error_delay_secs = row.real(16);
  x.input = json_of(row, 17);
  x.output = json_of(row, 18);
  x.errors = json_of(row, 19);
  x.parent_ids = ids_of(row, 20);
  x.assigned_to = maybe_text(row, 21);
  x.assigned_at = maybe_time(row, 22);
  if (row.integer(23) != 0)
    x.fails_on_lease_end = true;
  return x;
}

task_parent parent_of(const cursor& row, std::uint32_t store) {
  return {make_object_id(id_of::task, time_of(row, 1), store,
                         number_of(row, 0)),
          maybe_text(row, 2), json_of(row, 3), json_of(row, 4)};
}

live_task live_task_of(const cursor& row) {
  live_task x;
  x.key = number_of(row, 0);
  x.group = number_of(row, 1);
  x.channel = row.text(2);
  x.workgroup = row.text(3);
  x.dedup_key = row.text(4);
  x.created_at = time_of(row, 5);
  x.run_after = time_of(row, 6);
  x.priority = row.real(7);
  x.error_delay_secs = row.real(8);
  x.attempts = row.integer(9);
  x.parents_complete = row.integer(10) != 0;
  x.has_parents = row.text(11).size() > 2;
  x.worker = row.text(12);
  x.assigned_at = time_of(row, 13);
  x.lease_until = time_of(row, 14);
  x.fails_on_lease_end = row.integer(15) != 0;
  return x;
}

} // namespace orc::sqlite
