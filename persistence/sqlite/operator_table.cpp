#include "persistence/sqlite/operator_table.hpp"

#include "messages/base/error.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

namespace orc::sqlite {

namespace {

task_operator read_record(std::string_view json) {
  auto is = from_json<task_operator>(json);
  if (!is)
    throw failure{ec::store_corrupt,
                  fmt::format("an operator of the store cannot be read: {}",
                              message_of(is.error()))};
  return std::move(*is);
}

} // namespace

operator_table::operator_table(database& db, std::uint32_t store,
                               token_table& tokens)
  : store_{store}, tokens_{tokens},
    save_{db.prepare("INSERT INTO task_operators (key, record) VALUES (?1,?2) "
                     "ON CONFLICT (key) DO UPDATE SET record=excluded.record")},
    drop_{db.prepare("DELETE FROM task_operators WHERE key=?1")},
    load_{db.prepare("SELECT key, record FROM task_operators ORDER BY key")},
    find_{db.prepare("SELECT record FROM task_operators WHERE key=?1")},
    last_{db.prepare("SELECT coalesce(max(seq), 0) FROM sqlite_sequence "
                     "WHERE name='task_operators'")} {
  // nop
}

saved operator_table::save(const save_operator& request) {
  save_.run(static_cast<std::int64_t>(request.key),
            std::string_view{to_json(request.is)});
  if (!request.token.empty())
    tokens_.note(request.token, {0, request.key, 0, request.is.created_at});
  return {};
}

saved operator_table::drop(const drop_operator& request) {
  drop_.run(static_cast<std::int64_t>(request.key));
  return {};
}

stored_operators operator_table::load(const load_operators&) {
  stored_operators result;
  result.store = store_;
  if (auto row = last_.start(); row.next())
    result.last_key = static_cast<std::uint64_t>(row.integer(0));
  for (auto row = load_.start(); row.next();)
    result.operators.push_back(
      {static_cast<std::uint64_t>(row.integer(0)), read_record(row.text(1))});
  return result;
}

std::optional<task_operator> operator_table::find(std::uint64_t key) {
  auto row = find_.start(static_cast<std::int64_t>(key));
  if (!row.next())
    return std::nullopt;
  return read_record(row.text(0));
}

} // namespace orc::sqlite
