#include "persistence/sqlite/task_table.hpp"

#include "messages/base/error.hpp"
#include "messages/task/object_id.hpp"
#include "persistence/sqlite/task_rows.hpp"
#include "persistence/sqlite/task_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

namespace orc::sqlite {

namespace {

using kind = orc::id_of;

std::optional<std::int64_t> millis(const std::optional<timestamp>& x) {
  return x ? std::optional{x->millis} : std::nullopt;
}

/// @returns a new task to which nothing else happens in the same step: what it
///          is need not be read again.
const new_task* added_as_shown(const change_tasks& step, std::uint64_t key) {
  // New tasks have keys that follow one another.
  if (step.added.empty() || key < step.added.front().key
      || key - step.added.front().key >= step.added.size())
    return nullptr;
  auto is_changed = std::any_of(step.changes.begin(), step.changes.end(),
                                [=](const auto& x) { return x.key == key; });
  return is_changed ? nullptr : &step.added[key - step.added.front().key];
}

} // namespace

task_table::task_table(database& db, std::uint32_t store)
  : store_{store},
    insert_{db.prepare(
      "INSERT INTO tasks (key, group_key, created_at, parents_complete, "
      "attempts, run_after, priority, error_delay, progress_weight, seed, "
      "channel, workgroup, dedup_key, name, parent_ids, input, "
      "fails_on_lease_end) VALUES "
      "(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17)")},
    link_{db.prepare("INSERT OR IGNORE INTO task_parents VALUES (?1,?2)")},
    lease_{db.prepare("INSERT OR REPLACE INTO task_leases "
                      "VALUES (?1,?2,?3,?4)")},
    unlease_{db.prepare("DELETE FROM task_leases WHERE task=?1")},
    fail_{db.prepare(
      "UPDATE tasks SET attempts=?2, run_after=?3, errors="
      "iif(errors='[]', '[' || ?4 || ']', "
      "substr(errors, 1, length(errors)-1) || ',' || ?4 || ']') WHERE key=?1")},
    complete_{db.prepare("UPDATE tasks SET complete=1, output=?2, attempts=0, "
                         "run_after=NULL WHERE key=?1")},
    delay_{db.prepare("UPDATE tasks SET run_after=?2 WHERE key=?1")},
    parents_complete_{
      db.prepare("UPDATE tasks SET parents_complete=1 WHERE key=?1")},
    show_{db.prepare(select_tasks("WHERE t.key=?1"))},
    group_{db.prepare("SELECT created_at, paused FROM task_groups "
                      "WHERE key=?1")},
    parents_{db.prepare(fmt::format(
      "SELECT {} FROM task_parents p JOIN tasks t ON t.key=p.parent "
      "WHERE p.child=?1",
      parent_columns))},
    parent_ids_{db.prepare("SELECT parent_ids FROM tasks WHERE key=?1")},
    of_group_{db.prepare(
      select_tasks("WHERE t.group_key=?1 AND t.key<?4 ORDER BY t.key DESC "
                   "LIMIT ?2 OFFSET ?3"))},
    on_channel_{db.prepare(
      select_tasks("WHERE t.channel=?1 AND t.key<?4 ORDER BY t.key DESC "
                   "LIMIT ?2 OFFSET ?3"))},
    dead_{db.prepare(select_tasks(
      "WHERE t.complete=0 AND t.attempts<1 AND (?1='' OR t.channel=?1) "
      "AND t.key<?4 ORDER BY t.key DESC LIMIT ?2 OFFSET ?3"))},
    id_{db.prepare("SELECT created_at FROM tasks WHERE key=?1")},
    live_{db.prepare(fmt::format("SELECT {} FROM tasks t LEFT JOIN task_leases "
                                 "l ON l.task=t.key WHERE t.complete=0 AND "
                                 "t.key>?1 ORDER BY t.key LIMIT ?2",
                                 live_columns))},
    open_parents_{db.prepare("SELECT p.parent FROM task_parents p "
                             "JOIN tasks t ON t.key=p.parent "
                             "WHERE p.child=?1 AND t.complete=0")} {
  // nop
}

stored_tasks task_table::change(const change_tasks& request) {
  for (const auto& x : request.added)
    insert(x);
  for (const auto& x : request.changes)
    apply(x);
  stored_tasks result;
  result.tasks.reserve(request.show.size());
  // Most are of one group.
  group_shown group;
  for (auto key : request.show) {
    const auto* added = added_as_shown(request, key);
    if (added && added->group != group.key)
      group = show_group(added->group);
    result.tasks.push_back(added ? show_added(*added, group) : show(key));
  }
  if (request.parents_of != 0)
    result.parents = parents_of(request.parents_of);
  return result;
}

void task_table::insert(const new_task& x) {
  const auto& is = x.definition;
  auto parents = render_ids(is.parent_ids);
  insert_.run(row_of(x.key), row_of(x.group), x.created_at.millis,
              std::int64_t{x.parents_complete}, is.remaining_attempts,
              millis(is.run_after), is.priority, is.error_delay_secs,
              is.progress_weight, std::int64_t{is.is_seed}, column(is.channel),
              column(is.workgroup), column(is.key), column(is.name),
              column(parents), column(is.input),
              std::int64_t{is.fails_on_lease_end});
  for (auto parent : x.parents)
    link_.run(row_of(parent), row_of(x.key));
}

void task_table::apply(const task_change& x) {
  auto key = row_of(x.key);
  switch (x.kind) {
    case task_change_kind::lease:
      lease_.run(key, x.text.view(), x.at.millis, x.until.millis);
      break;
    case task_change_kind::unlease:
      unlease_.run(key);
      break;
    case task_change_kind::fail:
      fail_.run(key, x.count,
                x.until.millis != 0 ? std::optional{x.until.millis}
                                    : std::nullopt,
                x.text.view());
      break;
    case task_change_kind::complete:
      complete_.run(key, column(x.text));
      break;
    case task_change_kind::delay:
      delay_.run(key, x.until.millis);
      break;
    case task_change_kind::parents_complete:
      parents_complete_.run(key);
      break;
  }
}

caf::expected<stored_tasks> task_table::find(const find_tasks& request) {
  if (!request.id.empty()) {
    auto key = key_of_object_id(request.id);
    if (key && has(*key))
      if (auto found = show(*key); found.id == request.id)
        return stored_tasks{{std::move(found)}, {}};
    return make_error(ec::not_found,
                      fmt::format("Task with id {} not found!", request.id));
  }
  auto channel = std::string_view{request.channel};
  if (request.dead)
    return list(dead_, channel, request);
  if (request.group_id.empty())
    return list(on_channel_, channel, request);
  auto group = key_of_object_id(request.group_id);
  if (!group || !is_group(*group, request.group_id))
    return stored_tasks{};
  return list(of_group_, row_of(*group), request);
}

template <class Owner>
stored_tasks task_table::list(statement& rows, const Owner& owner,
                              const find_tasks& request) {
  stored_tasks result;
  auto limit = request.limit == 0 ? std::int64_t{-1} : row_of(request.limit);
  auto before = key_of_object_id(request.before);
  auto end
    = before ? row_of(*before) : std::numeric_limits<std::int64_t>::max();
  for (auto row = rows.start(owner, limit, row_of(request.skip), end);
       row.next();)
    result.tasks.push_back(task_of(row, store_));
  return result;
}

checked_tasks task_table::check(const check_tasks& request) {
  checked_tasks result;
  for (auto key : request.keys) {
    auto row = id_.start(row_of(key));
    result.ids.push_back(
      row.next() ? make_object_id(kind::task, {row.integer(0)}, store_, key)
                 : "");
  }
  return result;
}

live_tasks task_table::load(const load_live_tasks& request) {
  live_tasks result;
  for (auto row
       = live_.start(row_of(request.after), std::int64_t{request.limit});
       row.next();)
    result.tasks.push_back(live(row));
  result.complete = result.tasks.size() < request.limit;
  return result;
}

task task_table::show(std::uint64_t key) {
  auto row = show_.start(row_of(key));
  if (!row.next())
    throw failure{ec::store_corrupt,
                  fmt::format("task {} is not in the store", key)};
  return task_of(row, store_);
}

bool task_table::is_group(std::uint64_t key, std::string_view id) {
  auto row = group_.start(row_of(key));
  return row.next()
         && make_object_id(kind::group, {row.integer(0)}, store_, key) == id;
}

task_table::group_shown task_table::show_group(std::uint64_t key) {
  auto row = group_.start(row_of(key));
  if (!row.next())
    throw failure{ec::store_corrupt,
                  fmt::format("group {} is not in the store", key)};
  return {key, make_object_id(kind::group, {row.integer(0)}, store_, key),
          row.integer(1) != 0};
}

task task_table::show_added(const new_task& x, const group_shown& group) const {
  const auto& is = x.definition;
  task y;
  y.id = make_object_id(kind::task, x.created_at, store_, x.key);
  y.group_id = group.id;
  y.name = is.name;
  y.channel = is.channel;
  y.workgroup = is.workgroup;
  y.key = is.key;
  y.remaining_attempts = is.remaining_attempts;
  y.is_paused = group.is_paused;
  y.parents_complete = x.parents_complete;
  y.priority = is.priority;
  y.run_after = is.run_after;
  y.progress_weight = is.progress_weight;
  y.is_seed = is.is_seed;
  y.error_delay_secs = is.error_delay_secs;
  if (is.fails_on_lease_end)
    y.fails_on_lease_end = true;
  y.input = is.input;
  y.errors = json_text{"[]"};
  y.created_at = x.created_at;
  y.parent_ids = is.parent_ids.value_or(std::vector<std::string>{});
  return y;
}

bool task_table::has(std::uint64_t key) {
  return id_.start(row_of(key)).next();
}

live_task task_table::live(const cursor& row) {
  auto x = live_task_of(row);
  if (x.has_parents && !x.parents_complete)
    for (auto parent = open_parents_.start(row_of(x.key)); parent.next();)
      x.open_parents.push_back(static_cast<std::uint64_t>(parent.integer(0)));
  return x;
}

std::vector<task_parent> task_table::parents_of(std::uint64_t key) {
  std::vector<task_parent> result;
  for (auto row = parents_.start(row_of(key)); row.next();)
    result.push_back(parent_of(row, store_));
  if (result.size() > 1)
    sort_as_named(result, key);
  return result;
}

void task_table::sort_as_named(std::vector<task_parent>& parents,
                               std::uint64_t child) {
  std::unordered_map<std::string, std::size_t> places;
  if (auto row = parent_ids_.start(row_of(child)); row.next())
    for (auto& id : ids_of(row, 0))
      places.emplace(std::move(id), places.size());
  std::sort(parents.begin(), parents.end(), [&](const auto& x, const auto& y) {
    return places[x.id] < places[y.id];
  });
}

} // namespace orc::sqlite
