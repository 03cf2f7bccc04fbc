#include "persistence/sqlite/account_table.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc::sqlite {

namespace {

std::string place_of(std::string_view account) {
  return fmt::format("account:{}", account);
}

} // namespace

account_table::account_table(database& db, key_source source)
  : seal_{db, std::move(source)},
    save_{db.prepare("INSERT OR REPLACE INTO accounts VALUES (?1,?2)")},
    load_{db.prepare("SELECT name, sealed_token FROM accounts ORDER BY name")} {
  // nop
}

caf::expected<saved> account_table::save(const save_account& request) {
  const auto& [name, token] = request.account;
  auto sealed = seal_.seal(token.reveal(), place_of(name));
  if (!sealed)
    return std::move(sealed.error());
  save_.run(std::string_view{name}, blob{*sealed});
  return saved{};
}

caf::expected<stored_accounts> account_table::load(const load_accounts&) {
  stored_accounts result;
  for (auto rows = load_.start(); rows.next();) {
    auto name = std::string{rows.text(0)};
    auto token = seal_.open(rows.bytes(1), place_of(name));
    if (!token)
      return std::move(token.error());
    result.accounts.push_back({name, secret{std::move(*token)}});
  }
  return result;
}

} // namespace orc::sqlite
