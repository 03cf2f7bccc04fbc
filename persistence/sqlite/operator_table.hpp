#pragma once

#include "messages/task/task_store.hpp"
#include "persistence/sqlite/database.hpp"
#include "persistence/sqlite/token_table.hpp"

#include <optional>

namespace orc::sqlite {

/// Operators of channels; there are few.
class operator_table {
public:
  /// @param store 22 bits that tell stores apart, for ids.
  operator_table(database& db, std::uint32_t store, token_table& tokens);

  saved save(const save_operator& request);
  saved drop(const drop_operator& request);
  stored_operators load(const load_operators& request);

  std::optional<task_operator> find(std::uint64_t key);

private:
  std::uint32_t store_;
  token_table& tokens_;
  statement save_;
  statement drop_;
  statement load_;
  statement find_;
  statement last_;
};

} // namespace orc::sqlite
