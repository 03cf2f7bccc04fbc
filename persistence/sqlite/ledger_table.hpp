#pragma once

#include "messages/budget.hpp"
#include "persistence/sqlite/database.hpp"
#include "persistence/sqlite/hook_table.hpp"

namespace orc::sqlite {

/// Keeps what the BUDGETS must not forget. Each call runs in a transaction that
/// somebody else began.
class ledger_table {
public:
  ledger_table(database& db, hook_table& outbox);

  saved save(const save_ledger& request);

  stored_ledger load(const load_ledger& request);

private:
  hook_table& outbox_;
  statement put_charge_;
  statement remove_charge_;
  statement spend_;
  statement put_budget_;
  statement charges_;
  statement spending_;
  statement budgets_;
};

} // namespace orc::sqlite
