#include "persistence/sqlite/bus_table.hpp"

#include "persistence/sqlite/row_values.hpp"

namespace orc::sqlite {

bus_table::bus_table(database& db, hook_table& outbox)
  : outbox_{outbox}, find_{db.prepare(
                       "SELECT state, status, answer FROM bus_commands WHERE "
                       "id=?1")},
    begin_{db.prepare("INSERT INTO bus_commands VALUES (?1,?2,'begun',?3,0,"
                      "NULL)")},
    end_{db.prepare("UPDATE bus_commands SET state=?2, status=?3, answer=?4 "
                    "WHERE id=?1")},
    forget_{db.prepare("DELETE FROM bus_commands WHERE id=?1 AND "
                       "state='begun'")},
    prune_{db.prepare("DELETE FROM bus_commands WHERE at<?1")} {
  // nop
}

known_command bus_table::begin(const begin_command& x) {
  if (auto row = find_.start(std::string_view{x.id}); row.next()) {
    known_command result;
    result.state = named<command_state>(row, 0);
    result.status = static_cast<std::uint32_t>(row.integer(1));
    if (!row.is_null(2))
      result.answer = json_text{std::string{row.text(2)}};
    return result;
  }
  begin_.run(std::string_view{x.id}, std::string_view{x.verb}, x.at.millis);
  return {};
}

saved bus_table::end(const end_command& x) {
  auto state = x.failed ? command_state::failed : command_state::done;
  auto answer = x.answer.empty() ? std::optional<std::string_view>{}
                                 : std::optional{x.answer.view()};
  end_.run(std::string_view{x.id}, std::string_view{name_of(state)},
           std::int64_t{x.status}, answer);
  outbox_.owe({{x.fact}});
  return {};
}

saved bus_table::forget(const forget_command& x) {
  forget_.run(std::string_view{x.id});
  return {};
}

saved bus_table::owe(const owe_events& x) {
  outbox_.owe(x);
  return {};
}

saved bus_table::prune(const prune_commands& x) {
  prune_.run(x.before.millis);
  return {};
}

} // namespace orc::sqlite
