#include "persistence/sqlite/seal_box.hpp"

#include "messages/base/error.hpp"

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

} // namespace

seal_box::seal_box(database& db, key_source source)
  : source_{std::move(source)}, fact_{db.prepare(
                                  "SELECT value FROM meta WHERE name=?1")},
    put_fact_{db.prepare("INSERT OR REPLACE INTO meta VALUES (?1,?2)")} {
  // nop
}

caf::error seal_box::verify_key() {
  if (sealer_ || !fact(canary_fact))
    return {};
  return ensure_sealer();
}

caf::expected<std::string>
seal_box::seal(std::string_view value, std::string_view place) {
  if (auto err = ensure_sealer())
    return err;
  // Written again where the transaction that wrote it came to nothing.
  if (!fact(canary_fact)) {
    put_fact_.run(salt_fact, blob{salt_});
    auto sealed = sealer_->seal(canary, canary_fact);
    put_fact_.run(canary_fact, blob{sealed});
  }
  return sealer_->seal(value, place);
}

caf::expected<std::string>
seal_box::open(std::string_view sealed, std::string_view place) {
  if (auto err = ensure_sealer())
    return err;
  auto result = sealer_->open(sealed, place);
  if (!result)
    return wrong_key(source_);
  return std::move(*result);
}

caf::error seal_box::ensure_sealer() {
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

std::optional<std::string> seal_box::fact(std::string_view name) {
  auto row = fact_.start(name);
  if (!row.next())
    return std::nullopt;
  return std::string{row.bytes(0)};
}

} // namespace orc::sqlite
