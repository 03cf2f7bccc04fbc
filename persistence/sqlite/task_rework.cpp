#include "persistence/sqlite/task_rework.hpp"

#include "messages/base/error.hpp"
#include "persistence/sqlite/task_rows.hpp"
#include "persistence/sqlite/task_values.hpp"

#include <fmt/format.h>

namespace orc::sqlite {

namespace {

// Live in memory; every rework empties them first. What is doomed is removed;
// what is touched is told.
constexpr auto scratch_tables
  = "CREATE TEMP TABLE IF NOT EXISTS touched (key INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE IF NOT EXISTS doomed (key INTEGER PRIMARY KEY)";

database& with_scratch(database& db) {
  db.execute(scratch_tables);
  return db;
}

/// Tasks of a large group that are taken at a time: others wait so long.
constexpr std::int64_t slice_size = 2'000;

/// What of a group stays.
enum class keeps : std::int64_t { all, seeds, nothing };

/// All parents of a waiting task that are still there are complete.
constexpr std::string_view nothing_open
  = "NOT EXISTS (SELECT 1 FROM task_parents p JOIN tasks q ON q.key=p.parent "
    "WHERE p.child=tasks.key AND q.complete=0)";

} // namespace

task_rework::task_rework(database& db, task_table& tasks,
                         task_group_table& groups)
  : db_{with_scratch(db)}, tasks_{tasks}, groups_{groups},
    touch_dead_slice_{db.prepare(
      "INSERT OR IGNORE INTO touched SELECT key FROM tasks INDEXED BY "
      "tasks_dead WHERE complete=0 AND attempts<1 AND key>?2 AND group_key=?1 "
      "ORDER BY key LIMIT ?3")},
    touch_dead_some_{
      db.prepare("INSERT OR IGNORE INTO touched SELECT key FROM tasks "
                 "WHERE complete=0 AND attempts<1 AND key>?1 AND "
                 "(?2=0 OR group_key=?2) AND (?3='' OR channel=?3) "
                 "ORDER BY key LIMIT 1000")},
    touch_dead_one_{
      db.prepare("INSERT OR IGNORE INTO touched SELECT key FROM tasks "
                 "WHERE key=?1 AND complete=0 AND attempts<1 AND "
                 "(?2=0 OR group_key=?2) AND (?3='' OR channel=?3)")},
    touch_task_{db.prepare("INSERT OR IGNORE INTO touched VALUES (?1)")},
    touch_children_{
      db.prepare("INSERT OR IGNORE INTO touched SELECT p.child FROM touched x "
                 "JOIN task_parents p ON p.parent=x.key")},
    doom_touched_{db.prepare("INSERT INTO doomed SELECT key FROM touched")},
    doom_unseeded_{
      db.prepare("INSERT OR IGNORE INTO doomed SELECT t.key FROM touched x "
                 "JOIN tasks t ON t.key=x.key WHERE t.seed=0")},
    begin_reset_{db.prepare(
      "UPDATE task_groups SET resetting=?2, keeps=EXISTS (SELECT 1 FROM "
      "tasks WHERE group_key=?1 AND seed=1) WHERE key=?1 AND keeps<2")},
    begin_removal_{db.prepare("UPDATE task_groups SET resetting=?2, keeps=2 "
                              "WHERE key=?1")},
    under_way_{db.prepare("SELECT resetting, keeps FROM task_groups "
                          "WHERE key=?1")},
    end_reset_{db.prepare("UPDATE task_groups SET resetting=0 WHERE key=?1")},
    touch_slice_{db.prepare(
      "INSERT OR IGNORE INTO touched SELECT key FROM tasks "
      "WHERE group_key=?1 AND key>?2 AND key<=?3 ORDER BY key LIMIT ?4")},
    last_touched_{db.prepare("SELECT max(key), count(*) FROM touched")},
    doom_descendants_{db.prepare(
      "INSERT OR IGNORE INTO doomed WITH RECURSIVE below (key) AS "
      "(VALUES (?1) UNION SELECT p.child FROM below b "
      "JOIN task_parents p ON p.parent=b.key) SELECT key FROM below")},
    doomed_{db.prepare("SELECT key FROM doomed ORDER BY key")},
    channels_of_doomed_{
      db.prepare("SELECT t.channel, count(*) FROM doomed x "
                 "JOIN tasks t ON t.key=x.key WHERE t.channel>'' "
                 "GROUP BY t.channel")},
    channel_of_task_{
      db.prepare("SELECT channel, 1 FROM tasks WHERE key=?1 AND channel>''")},
    touched_{db.prepare("SELECT key FROM touched ORDER BY key")},
    unlease_slice_{
      db.prepare("DELETE FROM task_leases WHERE task IN (SELECT key FROM tasks "
                 "WHERE group_key=?1 AND key>?2 AND key<=?3)")},
    reset_slice_{db.prepare(
      "UPDATE tasks SET complete=0, parents_complete=0, errors='[]', "
      "output=NULL, run_after=NULL, attempts=5, resets=resets+1 "
      "WHERE group_key=?1 AND key>?2 AND key<=?3")},
    hold_touched_{db.prepare(
      "UPDATE tasks SET parents_complete=0 WHERE +group_key=?1 AND complete=0 "
      "AND length(parent_ids)>2 AND key IN (SELECT key FROM touched)")},
    retry_touched_{db.prepare("UPDATE tasks SET attempts=?1 "
                              "WHERE key IN (SELECT key FROM touched)")},
    unlease_task_{db.prepare("DELETE FROM task_leases WHERE task=?1")},
    reset_task_{
      db.prepare("UPDATE tasks SET complete=0, errors='[]', output=NULL, "
                 "run_after=NULL, attempts=?2, resets=resets+1 "
                 "WHERE key=?1")},
    resets_{db.prepare("SELECT resets FROM tasks WHERE key=?1")},
    retry_task_{db.prepare("UPDATE tasks SET attempts=?2 WHERE key=?1")},
    edit_task_{db.prepare(
      "UPDATE tasks SET name=?2, channel=?3, workgroup=?4, dedup_key=?5, "
      "attempts=?6, priority=?7, run_after=?8, progress_weight=?9, seed=?10, "
      "error_delay=?11, input=?12, parent_ids=?13, fails_on_lease_end=?14 "
      "WHERE key=?1")},
    unlink_task_{db.prepare("DELETE FROM task_parents WHERE child=?1")},
    link_task_{db.prepare("INSERT OR IGNORE INTO task_parents VALUES (?1,?2)")},
    free_touched_{db.prepare(
      fmt::format("UPDATE tasks SET parents_complete=1 WHERE complete=0 AND "
                  "parents_complete=0 AND length(parent_ids)>2 AND key IN "
                  "(SELECT key FROM touched) AND {}",
                  nothing_open))},
    count_parents_{db.prepare(fmt::format(
      "UPDATE tasks SET parents_complete={} WHERE key=?1", nothing_open))},
    live_touched_{db.prepare(
      fmt::format("SELECT {} FROM touched x JOIN tasks t ON t.key=x.key "
                  "LEFT JOIN task_leases l ON l.task=t.key WHERE t.complete=0 "
                  "ORDER BY t.key",
                  live_columns))},
    not_live_{
      db.prepare("SELECT x.key FROM touched x LEFT JOIN tasks t ON t.key=x.key "
                 "WHERE t.key IS NULL OR t.complete=1")},
    remove_group_{db.prepare("DELETE FROM task_groups WHERE key=?1")} {
  // nop
}

caf::expected<reworked_tasks> task_rework::rework(const rework_tasks& request) {
  using kind = task_rework_kind;
  reworked_tasks result;
  db_.execute("DELETE FROM touched; DELETE FROM doomed");
  auto of_group
    = request.kind == kind::begin_reset || request.kind == kind::begin_removal
      || request.kind == kind::next_slice || request.kind == kind::retry_slice;
  auto of_many = of_group || request.kind == kind::redrive;
  if (!of_many && !tasks_.has(request.key))
    return make_error(ec::not_found, "there is no such task");
  switch (request.kind) {
    case kind::begin_reset:
      begin_reset_.run(row_of(request.key), row_of(request.until));
      break;
    case kind::begin_removal:
      begin_removal_.run(row_of(request.key), row_of(request.until));
      break;
    case kind::next_slice:
      next_slice(request, result);
      break;
    case kind::retry_slice:
      retry_slice(request, result);
      break;
    case kind::reset_task:
      reset_task(request);
      break;
    case kind::retry_task:
      retry_task_.run(row_of(request.key), request.attempts);
      touch_task_.run(row_of(request.key));
      break;
    case kind::edit_task:
      edit_task(request, result);
      break;
    case kind::remove_task:
      remove_task(request.key, result);
      break;
    case kind::redrive:
      redrive(request);
      break;
  }
  tell(result);
  if (of_group)
    result.groups = groups_.show(request.key);
  else if (request.kind == kind::redrive)
    for (auto row = touched_.start(); row.next();)
      result.tasks.push_back(
        tasks_.show(static_cast<std::uint64_t>(row.integer(0))));
  else if (request.kind != kind::remove_task)
    result.tasks.push_back(tasks_.show(request.key));
  return result;
}

void task_rework::next_slice(const rework_tasks& request,
                             reworked_tasks& result) {
  auto group = row_of(request.key);
  auto after = row_of(request.after);
  std::int64_t until = 0;
  auto what_stays = keeps::all;
  if (auto row = under_way_.start(group); row.next()) {
    until = row.integer(0);
    what_stays = static_cast<keeps>(row.integer(1));
  }
  touch_slice_.run(group, after, until, slice_size);
  auto slice = end_of_slice();
  result.next = slice.next;
  if (what_stays == keeps::nothing) {
    doom_touched_.run();
    remove_doomed(result);
    if (result.next == 0)
      remove_group_.run(group);
    return;
  }
  if (what_stays == keeps::seeds) {
    doom_unseeded_.run();
    remove_doomed(result);
  }
  reset_touched(group, after, slice.last);
  if (result.next == 0)
    end_reset_.run(group);
}

void task_rework::reset_touched(std::int64_t group, std::int64_t after,
                                std::int64_t last) {
  unlease_slice_.run(group, after, last);
  reset_slice_.run(group, after, last);
  touch_children_.run();
  // A child of the group that came in an earlier slice waits again for what is
  // as if new now.
  hold_touched_.run(group);
}

void task_rework::retry_slice(const rework_tasks& request,
                              reworked_tasks& result) {
  touch_dead_slice_.run(row_of(request.key), row_of(request.after), slice_size);
  retry_touched_.run(request.attempts);
  result.next = end_of_slice().next;
}

task_rework::slice_end task_rework::end_of_slice() {
  auto row = last_touched_.start();
  row.next();
  slice_end result;
  result.last = row.integer(0);
  if (row.integer(1) == slice_size)
    result.next = static_cast<std::uint64_t>(result.last);
  return result;
}

void task_rework::reset_task(const rework_tasks& request) {
  unlease_task_.run(row_of(request.key));
  reset_task_.run(row_of(request.key), request.attempts);
  touch_task_.run(row_of(request.key));
  touch_children_.run();
}

task_resets task_rework::resets(const get_task_resets& request) {
  auto row = resets_.start(row_of(request.key));
  return {row.next() ? static_cast<std::uint64_t>(row.integer(0)) : 0};
}

void task_rework::redrive(const rework_tasks& request) {
  auto group = row_of(request.of_group);
  auto channel = std::string_view{request.on_channel};
  for (auto key : request.parents)
    touch_dead_one_.run(row_of(key), group, channel);
  if (request.parents.empty())
    touch_dead_some_.run(row_of(request.key), group, channel);
  retry_touched_.run(request.attempts);
}

void task_rework::edit_task(const rework_tasks& request,
                            reworked_tasks& result) {
  const auto& is = request.definition;
  auto key = row_of(request.key);
  auto parents = render_ids(is.parent_ids);
  count_channels(channel_of_task_.start(key), -1, result);
  edit_task_.run(
    key, column(is.name), column(is.channel), column(is.workgroup),
    column(is.key), is.remaining_attempts, is.priority,
    is.run_after ? std::optional{is.run_after->millis} : std::nullopt,
    is.progress_weight, std::int64_t{is.is_seed}, is.error_delay_secs,
    column(is.input), column(parents), std::int64_t{is.fails_on_lease_end});
  count_channels(channel_of_task_.start(key), 1, result);
  unlink_task_.run(key);
  for (auto parent : request.parents)
    link_task_.run(row_of(parent), key);
  if (!request.parents.empty())
    count_parents_.run(key);
  touch_task_.run(key);
}

void task_rework::remove_task(std::uint64_t key, reworked_tasks& result) {
  doom_descendants_.run(row_of(key));
  for (auto row = doomed_.start(); row.next();)
    result.removed.push_back(
      tasks_.show(static_cast<std::uint64_t>(row.integer(0))));
  remove_doomed(result);
}

void task_rework::remove_doomed(reworked_tasks& result) {
  count_channels(channels_of_doomed_.start(), -1, result);
  db_.execute(
    "INSERT OR IGNORE INTO touched SELECT key FROM doomed;"
    "INSERT OR IGNORE INTO touched SELECT p.child FROM doomed x "
    "JOIN task_parents p ON p.parent=x.key;"
    "DELETE FROM task_leases WHERE task IN (SELECT key FROM doomed);"
    "DELETE FROM task_parents WHERE parent IN (SELECT key FROM doomed);"
    "DELETE FROM task_parents WHERE child IN (SELECT key FROM doomed);"
    "DELETE FROM tasks WHERE key IN (SELECT key FROM doomed)");
}

void task_rework::count_channels(cursor row, std::int64_t sign,
                                 reworked_tasks& result) {
  while (row.next())
    result.channels.push_back(
      {std::string{row.text(0)}, sign * row.integer(1)});
}

void task_rework::tell(reworked_tasks& result) {
  free_touched_.run();
  for (auto row = not_live_.start(); row.next();)
    result.gone.push_back(static_cast<std::uint64_t>(row.integer(0)));
  for (auto row = live_touched_.start(); row.next();)
    result.live.push_back(tasks_.live(row));
}

} // namespace orc::sqlite
