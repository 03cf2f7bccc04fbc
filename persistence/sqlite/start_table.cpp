#include "persistence/sqlite/start_table.hpp"

namespace orc::sqlite {

start_table::start_table(database& db)
  : note_{db.prepare("INSERT OR REPLACE INTO noted_starts VALUES (?1,?2,?3)")},
    forget_{db.prepare("DELETE FROM noted_starts WHERE name=?1")},
    forget_old_{db.prepare("DELETE FROM noted_starts WHERE at<=?1")},
    load_{db.prepare("SELECT name, digest, at FROM noted_starts")} {
  // nop
}

saved start_table::note(const note_start& request) {
  note_.run(std::string_view{request.name}, blob{request.digest},
            request.at.millis);
  return {};
}

saved start_table::forget(const forget_start& request) {
  forget_.run(std::string_view{request.name});
  return {};
}

noted_starts start_table::load(const load_starts& request) {
  forget_old_.run(request.after.millis);
  noted_starts result;
  for (auto row = load_.start(); row.next();)
    result.starts.push_back(
      {std::string{row.bytes(1)}, std::string{row.text(0)}, {row.integer(2)}});
  return result;
}

} // namespace orc::sqlite
