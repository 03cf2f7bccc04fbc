#include "persistence/sqlite/run_queries.hpp"

#include "messages/json/json.hpp"
#include "persistence/cursor.hpp"
#include "persistence/refusal.hpp"
#include "persistence/sqlite/row_values.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace orc::sqlite {

namespace {

/// One sorted question for each state: SQLite merges their answers and reads no
/// row that is not on the page. `IN (...)` would sort all of them.
std::string union_of(const std::vector<run_state>& states,
                     std::string_view columns, std::string_view condition) {
  std::string result;
  for (auto state : states)
    fmt::format_to(std::back_inserter(result),
                   "{}SELECT {} FROM runs WHERE state='{}' AND {}",
                   result.empty() ? "" : " UNION ALL ", columns, name_of(state),
                   condition);
  return result;
}

std::vector<run_state> all_states() {
  std::vector<run_state> result;
  for (std::size_t i = 0; i < enum_names<run_state>::values.size(); ++i)
    result.push_back(static_cast<run_state>(i));
  return result;
}

/// @returns what a listing is restricted to: nothing, a namespace, or a batch.
std::string_view listing_condition(const list_runs& request) {
  if (request.space.empty())
    return "id<?1";
  return request.batch.empty() ? "namespace=?3 AND id<?1"
                               : "namespace=?3 AND batch=?4 AND id<?1";
}

std::string listing_sql(const list_runs& request) {
  auto condition = listing_condition(request);
  auto states = request.states;
  std::sort(states.begin(), states.end());
  states.erase(std::unique(states.begin(), states.end()), states.end());
  // The indexes by namespace and by batch go on with the state.
  if (states.empty() && !request.space.empty())
    states = all_states();
  auto rows = states.empty()
                ? fmt::format("SELECT id, record FROM runs WHERE {}", condition)
                : union_of(states, "id, record", condition);
  return rows + " ORDER BY id DESC LIMIT ?2";
}

/// One more than asked for tells whether there is a next page.
auto start_listing(statement& question, const list_runs& request,
                   std::int64_t below) {
  auto limit = std::int64_t{page_limit(request.limit)} + 1;
  if (request.space.empty())
    return question.start(below, limit);
  if (request.batch.empty())
    return question.start(below, limit, std::string_view{request.space});
  return question.start(below, limit, std::string_view{request.space},
                        std::string_view{request.batch});
}

std::string unfinished_sql() {
  auto rows
    = union_of({run_state::queued, run_state::starting, run_state::running},
               "id, state, account, namespace, target, is_task, memory, "
               "priority, not_before",
               "id>?1");
  return rows + " ORDER BY id LIMIT ?2";
}

queued_run queued_of(const cursor& row) {
  queued_run result;
  result.key = key_of(row, 0);
  result.account = row.text(2);
  result.space = row.text(3);
  result.target = {std::string{row.text(4)}, row.integer(5) != 0};
  if (auto memory = row.optional_integer(6))
    result.memory = mebibytes{static_cast<std::uint64_t>(*memory)};
  result.priority = static_cast<std::int32_t>(row.integer(7));
  if (auto not_before = row.optional_integer(8))
    result.not_before = timestamp{*not_before};
  return result;
}

} // namespace

run_record record_of(const cursor& row) {
  auto result = from_json<run_record>(row.text(1));
  if (!result)
    throw failure{ec::store_corrupt,
                  fmt::format("run {} of the store cannot be read: {}",
                              row.integer(0), message_of(result.error()))};
  result->key = key_of(row, 0);
  return std::move(*result);
}

run_queries::run_queries(database& db)
  : db_{db}, load_{db.prepare("SELECT id, record, input FROM runs "
                              "LEFT JOIN inputs ON run_key=id WHERE id=?1")},
    record_{db.prepare("SELECT id, record FROM runs WHERE id=?1")},
    find_{
      db.prepare("SELECT id, record FROM runs WHERE namespace=?1 AND name=?2")},
    unfinished_{db.prepare(unfinished_sql())},
    unsettled_{db.prepare("SELECT id, record FROM runs WHERE account=?1 AND "
                          "unsettled_since IS NOT NULL "
                          "ORDER BY unsettled_since LIMIT ?2")},
    owner_{db.prepare("SELECT run_key FROM attempts WHERE run_id=?1")} {
  // nop
}

caf::expected<loaded_run> run_queries::load(const load_run& request) {
  auto row = load_.start(id_of(request.key));
  if (!row.next())
    return unknown_run(request.key);
  auto input
    = row.is_null(2) ? json_text{} : json_text{std::string{row.text(2)}};
  return loaded_run{record_of(row), std::move(input)};
}

caf::expected<run_record> run_queries::find(const find_run& request) {
  const auto& [space, name] = request.ref;
  auto row = find_.start(std::string_view{space}, std::string_view{name});
  if (!row.next())
    return make_error(ec::unknown_run,
                      fmt::format("namespace {} has no run named {}", space,
                                  name));
  return record_of(row);
}

caf::expected<record_page> run_queries::list(const list_runs& request) {
  auto below = parse_cursor(request.cursor);
  if (!below)
    return below.error();
  auto limit = page_limit(request.limit);
  auto& question = listing(request);
  auto rows = start_listing(question, request, id_of(*below));
  record_page result;
  while (rows.next()) {
    if (result.records.size() == limit) {
      result.next_cursor = cursor_after(result.records.back().key);
      break;
    }
    result.records.push_back(record_of(rows));
  }
  return result;
}

unfinished_runs run_queries::unfinished(const load_unfinished& request) {
  auto limit = std::max(request.limit, 1U);
  unfinished_runs result;
  result.last = request.after;
  result.complete = true;
  std::vector<run_key> live;
  for (auto rows
       = unfinished_.start(id_of(request.after), std::int64_t{limit} + 1);
       rows.next();) {
    if (result.queued.size() + live.size() == limit) {
      result.complete = false;
      break;
    }
    result.last = key_of(rows, 0);
    if (state_of(rows, 1) == run_state::queued)
      result.queued.push_back(queued_of(rows));
    else
      live.push_back(result.last);
  }
  for (auto key : live)
    result.live.push_back(record(key));
  return result;
}

unsettled_runs run_queries::unsettled(const load_unsettled& request) {
  unsettled_runs result;
  for (auto rows = unsettled_.start(std::string_view{request.account},
                                    std::int64_t{request.limit});
       rows.next();)
    result.records.push_back(record_of(rows));
  return result;
}

bound_runs run_queries::bound(const find_bound& request) {
  bound_runs result;
  for (const auto& id : request.run_ids) {
    auto row = owner_.start(std::string_view{id});
    if (row.next())
      result.owners.emplace(id, key_of(row, 0));
  }
  return result;
}

run_record run_queries::record(run_key key) {
  auto row = record_.start(id_of(key));
  row.next();
  return record_of(row);
}

statement& run_queries::listing(const list_runs& request) {
  auto sql = listing_sql(request);
  auto found = listings_.find(sql);
  if (found == listings_.end())
    found = listings_.emplace(sql, db_.prepare(sql)).first;
  return found->second;
}

} // namespace orc::sqlite
