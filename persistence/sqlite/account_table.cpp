#include "persistence/sqlite/account_table.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc::sqlite {

namespace {

constexpr std::string_view salt_fact = "seal-salt";
constexpr std::string_view canary_fact = "seal-canary";
constexpr std::string_view canary = "orchestrator";

caf::error wrong_key(const key_source& source) {
  auto which = source.text.empty()
                 ? fmt::format("the sealing key {}", source.file.string())
                 : std::string{"the configured sealing key"};
  return make_error(ec::wrong_key,
                    fmt::format("{} is not the one this store was sealed with: "
                                "give the right key, or choose another data "
                                "directory; nothing was changed",
                                which));
}

std::string place_of(std::string_view account) {
  return fmt::format("account:{}", account);
}

} // namespace

account_table::account_table(database& db, key_source source)
  : source_{std::move(source)}, fact_{db.prepare(
                                  "SELECT value FROM meta WHERE name=?1")},
    put_fact_{db.prepare("INSERT OR REPLACE INTO meta VALUES (?1,?2)")},
    save_{db.prepare("INSERT OR REPLACE INTO accounts VALUES (?1,?2)")},
    load_{db.prepare("SELECT name, sealed_token FROM accounts ORDER BY name")} {
  // nop
}

caf::error account_table::verify_key() {
  if (sealer_ || !fact(canary_fact))
    return {};
  return ensure_sealer();
}

caf::expected<saved> account_table::save(const save_account& request) {
  const auto& [name, token] = request.account;
  if (auto problem = ensure_sealer())
    return problem;
  ensure_canary();
  auto sealed = sealer_->seal(token.reveal(), place_of(name));
  save_.run(std::string_view{name}, blob{sealed});
  return saved{};
}

caf::expected<stored_accounts> account_table::load(const load_accounts&) {
  stored_accounts result;
  for (auto rows = load_.start(); rows.next();) {
    if (auto problem = ensure_sealer())
      return problem;
    auto name = std::string{rows.text(0)};
    auto token = sealer_->open(rows.bytes(1), place_of(name));
    if (!token)
      return wrong_key(source_);
    result.accounts.push_back({name, secret{std::move(*token)}});
  }
  return result;
}

caf::error account_table::ensure_sealer() {
  if (sealer_)
    return {};
  auto sealed = fact(canary_fact);
  salt_ = fact(salt_fact).value_or(std::string{});
  if (salt_.empty())
    salt_ = make_salt();
  auto key = obtain_key(source_, salt_,
                        sealed ? missing_key::refuse : missing_key::make);
  if (!key)
    return key.error();
  auto candidate = sealer{*key};
  if (sealed && candidate.open(*sealed, canary_fact) != canary)
    return wrong_key(source_);
  sealer_ = candidate;
  return {};
}

/// Written again where the transaction that wrote it came to nothing.
void account_table::ensure_canary() {
  if (fact(canary_fact))
    return;
  put_fact(salt_fact, salt_);
  put_fact(canary_fact, sealer_->seal(canary, canary_fact));
}

std::optional<std::string> account_table::fact(std::string_view name) {
  auto row = fact_.start(name);
  if (!row.next())
    return std::nullopt;
  return std::string{row.bytes(0)};
}

void account_table::put_fact(std::string_view name, std::string_view value) {
  put_fact_.run(name, blob{value});
}

} // namespace orc::sqlite
