#include "persistence/sqlite/mark_table.hpp"

#include "messages/json/json.hpp"
#include "messages/json/task_facts.hpp"
#include "messages/task/object_id.hpp"
#include "messages/task/operators.hpp"
#include "persistence/sqlite/task_values.hpp"

#include <limits>

namespace orc::sqlite {

namespace {

/// What tells marks of tasks whose key was taken, or given back.
constexpr std::string_view of_key = "key";

std::string_view what_of(task_change_kind x) {
  switch (x) {
    case task_change_kind::lease:
    case task_change_kind::unlease:
    case task_change_kind::fail:
    case task_change_kind::complete:
      return of_key;
    default:
      return {};
  }
}

} // namespace

mark_table::mark_table(database& db, task_table& tasks,
                       task_group_table& groups, task_steps& steps,
                       task_rework& rework, operator_table& operators)
  : db_{db}, tasks_{tasks}, groups_{groups}, steps_{steps}, rework_{rework},
    operators_{operators}, task_{db.prepare(
                             "INSERT INTO task_marks (task_key, name) "
                             "VALUES (?1,?2)")},
    group_{db.prepare("INSERT INTO task_marks (group_key) VALUES (?1)")},
    fact_{db.prepare("INSERT INTO task_marks (room, name, data) "
                     "VALUES (?1,?2,?3)")},
    last_error_{db.prepare("SELECT errors -> '$[#-1]' FROM tasks "
                           "WHERE key=?1")},
    // Of a task that changed often one fact is enough: how it is now.
    load_{
      db.prepare("SELECT max(number), task_key, group_key, room, max(name), "
                 "data "
                 "FROM task_marks GROUP BY task_key, group_key, "
                 "CASE WHEN room IS NULL THEN 0 ELSE number END "
                 "ORDER BY 1")},
    last_{db.prepare("SELECT coalesce(max(number), 0) FROM task_marks")},
    drop_{db.prepare("DELETE FROM task_marks WHERE number<=?1")},
    is_followed_{db.number("SELECT count(*) FROM meta WHERE name='marks'")
                 > 0} {
  // nop
}

// -- steps --------------------------------------------------------------------

stored_tasks mark_table::change(const change_tasks& request) {
  auto result = steps_.change(request);
  if (!is_followed_)
    return result;
  if (request.group)
    mark_group(request.group->group.key);
  for (const auto& x : request.added)
    mark_task(x.key);
  for (const auto& x : request.changes)
    mark_task(x.key, what_of(x.kind));
  for (const auto& x : request.facts)
    mark_fact(x.room, x.name, x.data.view());
  return result;
}

task_groups mark_table::save(const save_task_group& request) {
  auto result = groups_.save(request);
  if (is_followed_)
    mark_group(request.group.key);
  return result;
}

caf::expected<reworked_tasks> mark_table::rework(const rework_tasks& request) {
  auto result = rework_.rework(request);
  if (result && is_followed_)
    mark(request, *result);
  return result;
}

void mark_table::mark(const rework_tasks& request, const reworked_tasks& done) {
  for (const auto& x : done.removed)
    mark_fact(x.group_id, "task:delete", to_json(x));
  for (const auto& x : done.tasks)
    mark_task(key_of_object_id(x.id).value_or(0));
  for (const auto& x : done.groups)
    // What is noted will be done, whatever happens.
    if (request.kind == task_rework_kind::begin_removal)
      mark_fact(x.id, "group:delete", to_json(x));
    else if (done.next == 0)
      mark_group(key_of_object_id(x.id).value_or(0));
}

saved mark_table::put(const save_operator& request) {
  operators_.save(request);
  if (is_followed_)
    mark_fact(operators_room,
              request.is_new ? "operator:create" : "operator:update",
              to_json(request.is));
  return {};
}

saved mark_table::remove(const drop_operator& request) {
  auto gone = operators_.find(request.key);
  operators_.drop(request);
  if (gone && is_followed_)
    mark_fact(operators_room, "operator:delete", to_json(*gone));
  return {};
}

void mark_table::mark_task(std::uint64_t key, std::string_view what) {
  task_.run(row_of(key), what.empty() ? std::nullopt : std::optional{what});
}

void mark_table::mark_group(std::uint64_t key) {
  group_.run(row_of(key));
}

void mark_table::mark_fact(std::string_view room, std::string_view name,
                           std::string_view data) {
  fact_.run(room, name, data);
}

// -- marks --------------------------------------------------------------------

saved mark_table::follow(const follow_marks& request) {
  is_followed_ = request.on;
  if (request.on) {
    db_.execute("INSERT OR IGNORE INTO meta VALUES ('marks', 1)");
  } else {
    db_.execute("DELETE FROM meta WHERE name='marks'");
    drop(
      {static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())});
  }
  return {};
}

task_marks mark_table::load(const load_marks&) {
  task_marks result;
  for (auto row = load_.start(); row.next();) {
    result.last = static_cast<std::uint64_t>(row.integer(0));
    for (auto& fact : facts_of(row))
      result.facts.push_back(std::move(fact));
  }
  return result;
}

/// @returns nothing of what has been removed since: that is a fact of its own.
std::vector<task_event> mark_table::facts_of(const cursor& row) {
  if (auto key = row.optional_integer(1))
    return facts_of_task(static_cast<std::uint64_t>(*key), !row.is_null(4));
  if (auto key = row.optional_integer(2)) {
    auto found = groups_.show(static_cast<std::uint64_t>(*key));
    if (found.empty())
      return {};
    return {{found.front().id, "task_group:update",
             json_text{to_json(found.front())}}};
  }
  return {{std::string{row.text(3)}, std::string{row.text(4)},
           json_text{std::string{row.text(5)}}}};
}

std::vector<task_event>
mark_table::facts_of_task(std::uint64_t key, bool with_key) {
  if (!tasks_.has(key))
    return {};
  auto is = tasks_.show(key);
  std::vector<task_event> result{
    {is.group_id, "task:update", json_text{to_json(is)}}};
  if (!with_key || !is.key)
    return result;
  if (is.assigned_at) {
    result.push_back(
      {is.group_id, "task:acquire:key", json_text{render_key_taken(is)}});
    return result;
  }
  std::string error;
  if (auto row = last_error_.start(row_of(key)); !is.is_complete && row.next())
    error = row.is_null(0) ? "null" : std::string{row.text(0)};
  result.push_back({is.group_id, "task:release:key",
                    json_text{render_key_given_back(is, error)}});
  return result;
}

last_mark mark_table::last(const get_last_mark&) {
  auto row = last_.start();
  row.next();
  return {static_cast<std::uint64_t>(row.integer(0))};
}

saved mark_table::drop(const drop_marks& request) {
  drop_.run(row_of(request.until));
  return {};
}

} // namespace orc::sqlite
