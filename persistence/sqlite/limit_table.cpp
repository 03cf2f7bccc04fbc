#include "persistence/sqlite/limit_table.hpp"

#include "persistence/sqlite/task_values.hpp"

namespace orc::sqlite {

namespace {

std::int64_t row_of(limit_scope x) {
  return static_cast<std::int64_t>(x);
}

std::optional<double> maybe_real(const cursor& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional{row.real(column)};
}

} // namespace

limit_table::limit_table(database& db)
  : save_{db.prepare("INSERT OR REPLACE INTO task_limits "
                     "VALUES (?1,?2,?3,?4,?5,?6)")},
    drop_{db.prepare("DELETE FROM task_limits WHERE scope=?1 AND name=?2")},
    spend_{db.prepare("UPDATE task_limits SET full_at=?3 "
                      "WHERE scope=?1 AND name=?2")},
    load_{db.prepare("SELECT scope, name, concurrency, rate, burst, full_at "
                     "FROM task_limits")} {
  // nop
}

saved limit_table::save(const save_task_limit& request) {
  const auto& x = request.is;
  auto concurrency = x.limits.concurrency;
  save_.run(row_of(x.scope), std::string_view{x.name},
            concurrency ? std::optional{sqlite::row_of(*concurrency)}
                        : std::nullopt,
            x.limits.rate_per_sec, x.limits.burst, x.full_at);
  return {};
}

saved limit_table::drop(const drop_task_limit& request) {
  drop_.run(row_of(request.scope), std::string_view{request.name});
  return {};
}

void limit_table::spend(const spent_token& x) {
  spend_.run(row_of(x.scope), std::string_view{x.name}, x.full_at);
}

std::vector<stored_limit> limit_table::load() {
  std::vector<stored_limit> result;
  for (auto row = load_.start(); row.next();) {
    auto concurrency = row.optional_integer(2);
    result.push_back(
      {row.integer(0) == 0 ? limit_scope::workgroup : limit_scope::channel,
       std::string{row.text(1)},
       {concurrency ? std::optional{static_cast<std::uint64_t>(*concurrency)}
                    : std::nullopt,
        maybe_real(row, 3), maybe_real(row, 4)},
       row.real(5)});
  }
  return result;
}

} // namespace orc::sqlite
