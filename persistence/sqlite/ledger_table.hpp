#pragma once

#include "messages/budget.hpp"
#include "persistence/sqlite/database.hpp"

namespace orc::sqlite {

/// Keeps what the BUDGETS must not forget. Each call runs in a transaction that
/// somebody else began.
class ledger_table {
public:
  explicit ledger_table(database& db);

  saved save(const save_ledger& request);

  stored_ledger load(const load_ledger& request);

private:
  statement put_charge_;
  statement remove_charge_;
  statement spend_;
  statement put_budget_;
  statement charges_;
  statement spending_;
  statement budgets_;
};

} // namespace orc::sqlite
