#pragma once

#include "messages/run_store.hpp"
#include "persistence/sealing/sealer.hpp"
#include "persistence/sqlite/database.hpp"

#include <caf/expected.hpp>

#include <optional>

namespace orc::sqlite {

/// Accounts that came with runs; their tokens are sealed.
///
/// The first token that is sealed makes the key, if there is none, and leaves a
/// canary: a known value, sealed. Whoever opens the store later with another
/// key is told so at once. A store without a canary needs no key.
class account_table {
public:
  account_table(database& db, key_source source);

  /// @returns `ec::wrong_key` if the store was sealed with another key. Changes
  ///          nothing.
  caf::error verify_key();

  caf::expected<saved> save(const save_account& request);

  caf::expected<stored_accounts> load(const load_accounts& request);

private:
  caf::error ensure_sealer();
  void ensure_canary();
  std::optional<std::string> fact(std::string_view name);
  void put_fact(std::string_view name, std::string_view value);

  key_source source_;
  std::optional<sealer> sealer_;
  std::string salt_;
  statement fact_;
  statement put_fact_;
  statement save_;
  statement load_;
};

} // namespace orc::sqlite
