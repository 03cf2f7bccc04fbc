#include "persistence/sqlite/run_table.hpp"

#include "messages/json/json.hpp"
#include "persistence/cursor.hpp"
#include "persistence/refusal.hpp"
#include "persistence/sqlite/row_values.hpp"

#include <utility>
#include <vector>

namespace orc::sqlite {

namespace {

template <class T>
std::optional<std::int64_t> number(const std::optional<T>& x) {
  if (!x)
    return std::nullopt;
  if constexpr (std::is_same_v<T, mebibytes>)
    return static_cast<std::int64_t>(x->count);
  else if constexpr (std::is_same_v<T, timestamp>)
    return x->millis;
  else
    return static_cast<std::int64_t>(*x);
}

/// A run that was started anew still tells when it ended before; only a final
/// one has an end to be pruned by.
std::optional<std::int64_t> end_of(const run& x) {
  return is_final(x.state) ? number(x.finished_at) : std::nullopt;
}

std::optional<std::int64_t> unsettled_since(const run_record& x) {
  return x.unsettled ? end_of(x.view) : std::nullopt;
}

std::optional<std::string_view> status_name(const run& x) {
  if (!x.status)
    return std::nullopt;
  return name_of(*x.status);
}

std::optional<std::string_view> batch_of(const run& x) {
  return x.batch ? std::optional<std::string_view>{*x.batch} : std::nullopt;
}

/// Runs a statement whose parameters begin with the columns of a record.
template <class... Ts>
void write_columns(statement& to, const run_record& x, const Ts&... more) {
  const auto& view = x.view;
  to.run(std::string_view{name_of(view.state)}, status_name(view),
         std::string_view{view.account}, std::string_view{x.target.id},
         std::int64_t{x.target.is_task}, number(make_queued_run(x).memory),
         std::int64_t{x.priority}, number(x.not_before),
         number(view.item_count), view.usage_total_usd, end_of(view),
         unsettled_since(x), std::string_view{to_json(x)},
         std::int64_t(x.revision), more...);
}

} // namespace

run_table::run_table(database& db, totals_table& totals, hook_table& hooks)
  : db_{db}, totals_{totals}, hooks_{hooks},
    insert_{db.prepare(
      "INSERT INTO runs (state, status, account, target, is_task, memory, "
      "priority, not_before, item_count, usage_total_usd, finished_at, "
      "unsettled_since, record, revision, namespace, name, batch) "
      "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17) "
      "ON CONFLICT (namespace, name) DO NOTHING")},
    update_{db.prepare(
      "UPDATE runs SET state=?1, status=?2, account=?3, target=?4, is_task=?5, "
      "memory=?6, priority=?7, not_before=?8, item_count=?9, "
      "usage_total_usd=?10, finished_at=?11, unsettled_since=?12, record=?13, "
      "revision=?14 WHERE id=?15")},
    revision_{db.prepare("SELECT revision FROM runs WHERE id=?1")},
    named_{
      db.prepare("SELECT id, record FROM runs WHERE namespace=?1 AND name=?2")},
    tallied_{db.prepare("SELECT namespace, state, status, item_count, "
                        "usage_total_usd FROM runs WHERE id=?1")},
    put_input_{db.prepare("INSERT OR REPLACE INTO inputs VALUES (?1,?2)")},
    owner_{db.prepare("SELECT run_key FROM attempts WHERE run_id=?1")},
    bind_{db.prepare("INSERT OR IGNORE INTO attempts VALUES (?1,?2)")},
    expired_{db.prepare("SELECT id FROM runs WHERE finished_at IS NOT NULL "
                        "AND finished_at<?1 ORDER BY finished_at LIMIT ?2")},
    remove_run_{db.prepare("DELETE FROM runs WHERE id=?1")},
    remove_input_{db.prepare("DELETE FROM inputs WHERE run_key=?1")},
    remove_attempts_{db.prepare("DELETE FROM attempts WHERE run_key=?1")} {
  // nop
}

caf::expected<inserted_runs> run_table::insert(const insert_runs& request) {
  inserted_runs result;
  result.runs.reserve(request.runs.size());
  for (const auto& x : request.runs) {
    result.runs.push_back(insert_one(x));
    const auto& stored = result.runs.back().record;
    if (stored.target == x.record.target)
      continue;
    for (const auto& y : result.runs)
      if (!y.joined)
        remove(y.record.key);
    return name_conflict(stored);
  }
  for (const auto& x : result.runs)
    if (!x.joined)
      hooks_.add(std::nullopt, x.record);
  return result;
}

inserted_run run_table::insert_one(const new_run& x) {
  const auto& view = x.record.view;
  write_columns(insert_, x.record, std::string_view{view.space},
                std::string_view{view.name}, batch_of(view));
  if (db_.changes() == 0)
    return {named(view), true};
  auto record = x.record;
  record.key = {static_cast<std::uint64_t>(db_.last_id())};
  if (!x.input.empty())
    put_input_.run(id_of(record.key), x.input.view());
  bind_attempts(record);
  totals_.changes().add(make_tallied_run(view));
  return {std::move(record), false};
}

caf::expected<saved> run_table::save(const save_run& request) {
  const auto& record = request.record;
  auto before = tallied(record.key);
  if (!before)
    return unknown_run(record.key);
  if (record.revision <= revision_of(record.key))
    return stale_save(record);
  if (auto problem = check_bindings(record))
    return problem;
  replace(*before, record);
  hooks_.owe(request.facts);
  if (!request.input.empty())
    put_input_.run(id_of(record.key), request.input.view());
  bind_attempts(record);
  return saved{};
}

caf::expected<saved> run_table::settle(const settle_run& request) {
  const auto& record = request.record;
  auto before = tallied(record.key);
  if (!before)
    return unknown_run(record.key);
  if (record.revision != revision_of(record.key))
    return stale_save(record);
  replace(*before, record);
  return saved{};
}

void run_table::replace(const tallied_run& before, const run_record& record) {
  write_columns(update_, record, id_of(record.key));
  auto after = make_tallied_run(record.view);
  after.space = before.space;
  totals_.changes().remove(before);
  totals_.changes().add(after);
  hooks_.add(before, record);
}

std::uint64_t run_table::prune(timestamp finished_before, std::int64_t limit) {
  std::vector<run_key> keys;
  for (auto rows = expired_.start(finished_before.millis, limit); rows.next();)
    keys.push_back(key_of(rows, 0));
  for (auto key : keys)
    remove(key);
  return keys.size();
}

run_record run_table::named(const run& x) {
  auto row = named_.start(std::string_view{x.space}, std::string_view{x.name});
  row.next();
  return record_of(row);
}

std::optional<tallied_run> run_table::tallied(run_key key) {
  auto row = tallied_.start(id_of(key));
  if (!row.next())
    return std::nullopt;
  return tallied_run{std::string{row.text(0)}, state_of(row, 1),
                     status_of(row, 2),
                     static_cast<std::uint64_t>(row.integer(3)), row.real(4)};
}

std::uint64_t run_table::revision_of(run_key key) {
  auto row = revision_.start(id_of(key));
  return row.next() ? static_cast<std::uint64_t>(row.integer(0)) : 0;
}

caf::error run_table::check_bindings(const run_record& record) {
  for (const auto& attempt : record.view.attempts) {
    auto owner = attempt.run_id ? owner_of(*attempt.run_id) : std::nullopt;
    if (owner && *owner != record.key)
      return make_error(ec::already_bound,
                        fmt::format("platform run {} belongs to run {}, not to "
                                    "run {}",
                                    *attempt.run_id, *owner, record.key));
  }
  return {};
}

std::optional<run_key> run_table::owner_of(std::string_view run_id) {
  auto row = owner_.start(run_id);
  if (!row.next())
    return std::nullopt;
  return key_of(row, 0);
}

void run_table::bind_attempts(const run_record& record) {
  for (const auto& attempt : record.view.attempts)
    if (attempt.run_id)
      bind_.run(std::string_view{*attempt.run_id}, id_of(record.key));
}

void run_table::remove(run_key key) {
  if (auto before = tallied(key))
    totals_.changes().remove(*before);
  remove_attempts_.run(id_of(key));
  remove_input_.run(id_of(key));
  remove_run_.run(id_of(key));
}

} // namespace orc::sqlite
