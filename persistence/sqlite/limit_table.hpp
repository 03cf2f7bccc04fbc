#pragma once

#include "messages/run_store/saving.hpp"
#include "messages/task/limits.hpp"
#include "persistence/sqlite/database.hpp"

#include <vector>

namespace orc::sqlite {

/// Limits of workgroups and channels.
class limit_table {
public:
  explicit limit_table(database& db);

  saved save(const save_task_limit& request);
  saved drop(const drop_task_limit& request);
  void spend(const spent_token& x);
  std::vector<stored_limit> load();

private:
  statement save_;
  statement drop_;
  statement spend_;
  statement load_;
};

} // namespace orc::sqlite
