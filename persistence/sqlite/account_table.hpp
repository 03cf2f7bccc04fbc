#pragma once

#include "messages/run_store.hpp"
#include "persistence/sqlite/database.hpp"
#include "persistence/sqlite/seal_box.hpp"

#include <caf/expected.hpp>

namespace orc::sqlite {

/// Accounts that came with runs; their tokens are sealed.
class account_table {
public:
  account_table(database& db, key_source source);

  /// @returns `ec::wrong_key` if the store was sealed with another key. Changes
  ///          nothing.
  caf::error verify_key() {
    return seal_.verify_key();
  }

  caf::expected<saved> save(const save_account& request);

  caf::expected<stored_accounts> load(const load_accounts& request);

private:
  seal_box seal_;
  statement save_;
  statement load_;
};

} // namespace orc::sqlite
