#pragma once

#include "persistence/sqlite/limit_table.hpp"
#include "persistence/sqlite/task_group_table.hpp"
#include "persistence/sqlite/task_table.hpp"
#include "persistence/sqlite/token_table.hpp"

namespace orc::sqlite {

/// The steps of TASKS: each concerns several tables, and is stored as a whole.
class task_steps {
public:
  task_steps(task_table& tasks, task_group_table& groups, limit_table& limits,
             token_table& tokens);

  stored_tasks change(const change_tasks& request);
  caf::expected<created_tasks> find(const find_made& request);
  task_book_summary summary(const load_task_book& request);

private:
  void note(const change_tasks& request);

  task_table& tasks_;
  task_group_table& groups_;
  limit_table& limits_;
  token_table& tokens_;
};

} // namespace orc::sqlite
