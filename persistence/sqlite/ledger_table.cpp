#include "persistence/sqlite/ledger_table.hpp"

#include "messages/json/json.hpp"
#include "persistence/sqlite/row_values.hpp"

#include <fmt/format.h>

#include <cmath>

namespace orc::sqlite {

namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> result;
  while (!text.empty()) {
    auto end = text.find('\n');
    result.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return result;
}

charge charge_of(const cursor& row) {
  charge x;
  x.key = {key_of(row, 0), static_cast<std::uint32_t>(row.integer(1))};
  x.budgets = lines_of(row.text(2));
  x.state = named<charge_state>(row, 3);
  x.usd = row.real(4);
  x.estimate_usd = row.real(5);
  x.base_usd = row.real(6);
  x.at = {row.integer(7)};
  return x;
}

budget_settings settings_of(std::string_view json) {
  auto x = from_json<budget_settings>(json);
  if (!x)
    throw failure{ec::store_corrupt,
                  fmt::format("the store holds a budget that cannot be read: "
                              "{}: restore it from a backup",
                              message_of(x.error()))};
  return std::move(*x);
}

} // namespace

ledger_table::ledger_table(database& db, hook_table& outbox)
  : outbox_{outbox},
    put_charge_{db.prepare(
      "INSERT OR REPLACE INTO charges VALUES (?1,?2,?3,?4,?5,?6,?7,?8)")},
    remove_charge_{
      db.prepare("DELETE FROM charges WHERE run_key=?1 AND attempt=?2")},
    spend_{db.prepare("INSERT INTO spending VALUES (?1,?2,?3) ON CONFLICT DO "
                      "UPDATE SET nano_usd=nano_usd+excluded.nano_usd")},
    put_budget_{db.prepare("INSERT OR REPLACE INTO budgets VALUES (?1,?2,?3)")},
    charges_{db.prepare("SELECT * FROM charges")}, spending_{db.prepare(
                                                     "SELECT * FROM spending")},
    budgets_{db.prepare("SELECT settings, configured FROM budgets")} {
  // nop
}

saved ledger_table::save(const save_ledger& request) {
  for (const auto& x : request.removed)
    remove_charge_.run(id_of(x.run), std::int64_t{x.attempt});
  for (const auto& x : request.put) {
    auto budgets = fmt::format("{}", fmt::join(x.budgets, "\n"));
    put_charge_.run(id_of(x.key.run), std::int64_t{x.key.attempt},
                    std::string_view{budgets}, name_of(x.state), x.usd,
                    x.estimate_usd, x.base_usd, x.at.millis);
  }
  for (const auto& x : request.spent)
    spend_.run(std::string_view{x.budget}, x.day,
               std::int64_t{std::llround(x.usd * 1e9)});
  for (const auto& x : request.budgets) {
    auto settings = to_json(x.settings);
    auto configured
      = x.configured ? std::optional{to_json(*x.configured)} : std::nullopt;
    put_budget_.run(
      std::string_view{x.settings.name}, std::string_view{settings},
      configured ? std::optional<std::string_view>{*configured} : std::nullopt);
  }
  outbox_.owe(request.facts);
  return {};
}

stored_ledger ledger_table::load(const load_ledger&) {
  stored_ledger result;
  for (auto rows = charges_.start(); rows.next();)
    result.charges.push_back(charge_of(rows));
  for (auto rows = spending_.start(); rows.next();)
    result.spent.push_back({std::string{rows.text(0)}, rows.integer(1),
                            static_cast<double>(rows.integer(2)) / 1e9});
  for (auto rows = budgets_.start(); rows.next();) {
    stored_budget x;
    x.settings = settings_of(rows.text(0));
    if (!rows.is_null(1))
      x.configured = settings_of(rows.text(1));
    result.budgets.push_back(std::move(x));
  }
  return result;
}

} // namespace orc::sqlite
