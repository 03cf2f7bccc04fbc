#pragma once

#include "messages/task/task_store.hpp"
#include "persistence/sqlite/database.hpp"

namespace orc::sqlite {

/// Operators of channels; there are few.
class operator_table {
public:
  /// @param store 22 bits that tell stores apart, for ids.
  operator_table(database& db, std::uint32_t store);

  saved save(const save_operator& request);
  saved drop(const drop_operator& request);
  stored_operators load(const load_operators& request);

private:
  std::uint32_t store_;
  statement save_;
  statement drop_;
  statement load_;
  statement last_;
};

} // namespace orc::sqlite
