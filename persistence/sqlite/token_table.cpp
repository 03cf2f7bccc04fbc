#include "persistence/sqlite/token_table.hpp"

#include "persistence/sqlite/task_values.hpp"

namespace orc::sqlite {

namespace {

/// Nobody asks again after so long whether something was made.
constexpr std::chrono::hours token_age{24 * 30};

} // namespace

token_table::token_table(database& db)
  : note_{db.prepare("INSERT INTO task_tokens VALUES (?1,?2,?3,?4,?5)")},
    forget_{db.prepare("DELETE FROM task_tokens WHERE created_at<?1")},
    find_{db.prepare("SELECT group_key, first, count, created_at "
                     "FROM task_tokens WHERE token=?1")} {
  // nop
}

void token_table::note(std::string_view token, const row& x) {
  forget_.run((x.at - token_age).millis);
  note_.run(token, row_of(x.group), row_of(x.first), row_of(x.count),
            x.at.millis);
}

std::optional<token_table::row> token_table::made(std::string_view token) {
  auto found = find_.start(token);
  if (!found.next())
    return std::nullopt;
  return row{static_cast<std::uint64_t>(found.integer(0)),
             static_cast<std::uint64_t>(found.integer(1)),
             static_cast<std::uint64_t>(found.integer(2)),
             {found.integer(3)}};
}

found_token token_table::find(const find_token& request) {
  found_token result;
  if (auto known = made(request.token)) {
    result.number = known->first;
    result.at = known->at;
  }
  return result;
}

} // namespace orc::sqlite
