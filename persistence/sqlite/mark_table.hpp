#pragma once

#include "messages/task/marks.hpp"
#include "persistence/sqlite/task_rework.hpp"
#include "persistence/sqlite/task_steps.hpp"

#include <optional>
#include <string>

namespace orc::sqlite {

/// Steps that leave marks, if somebody follows them.
class mark_table {
public:
  mark_table(database& db, task_table& tasks, task_group_table& groups,
             task_steps& steps, task_rework& rework);

  // -- steps ------------------------------------------------------------------

  stored_tasks change(const change_tasks& request);
  task_groups save(const save_task_group& request);
  caf::expected<reworked_tasks> rework(const rework_tasks& request);

  // -- marks ------------------------------------------------------------------

  saved follow(const follow_marks& request);
  task_marks load(const load_marks&);
  last_mark last(const get_last_mark&);
  saved drop(const drop_marks& request);

private:
  void mark_task(std::uint64_t key);
  void mark_group(std::uint64_t key);
  void mark_gone(const std::string& room, std::string_view name,
                 const std::string& data);
  void mark(const rework_tasks& request, const reworked_tasks& done);
  std::optional<task_event> fact_of(const cursor& row);

  database& db_;
  task_table& tasks_;
  task_group_table& groups_;
  task_steps& steps_;
  task_rework& rework_;
  statement task_;
  statement group_;
  statement gone_;
  statement load_;
  statement last_;
  statement drop_;
  bool is_followed_;
};

} // namespace orc::sqlite
