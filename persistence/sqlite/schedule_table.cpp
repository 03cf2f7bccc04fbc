#include "persistence/sqlite/schedule_table.hpp"

#include "messages/json/json.hpp"

#include <fmt/format.h>

namespace orc::sqlite {

schedule_table::schedule_table(database& db, token_table& tokens)
  : tokens_{tokens}, save_{db.prepare(
                       "INSERT OR REPLACE INTO schedules VALUES (?1,?2)")},
    drop_{db.prepare("DELETE FROM schedules WHERE name=?1")},
    load_{db.prepare("SELECT name, record FROM schedules ORDER BY name")} {
  // nop
}

saved schedule_table::save(const save_schedule& request) {
  auto record = to_json(request.is);
  save_.run(std::string_view{request.is.is.name}, std::string_view{record});
  if (!request.token.empty())
    tokens_.note(request.token, {0, request.number, 0, request.at});
  return {};
}

saved schedule_table::drop(const drop_schedule& request) {
  drop_.run(std::string_view{request.name});
  return {};
}

caf::expected<stored_schedules> schedule_table::load(const load_schedules&) {
  stored_schedules result;
  for (auto row = load_.start(); row.next();) {
    auto record = from_json<schedule_record>(row.text(1));
    if (!record)
      return make_error(ec::store_corrupt,
                        fmt::format("schedule {}: {}", row.text(0),
                                    message_of(record.error())));
    result.items.push_back(std::move(*record));
  }
  return result;
}

} // namespace orc::sqlite
