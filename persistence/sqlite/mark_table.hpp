#pragma once

#include "messages/task/marks.hpp"
#include "persistence/sqlite/operator_table.hpp"
#include "persistence/sqlite/task_rework.hpp"
#include "persistence/sqlite/task_steps.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orc::sqlite {

/// Steps that leave marks, if somebody follows them.
class mark_table {
public:
  mark_table(database& db, task_table& tasks, task_group_table& groups,
             task_steps& steps, task_rework& rework, operator_table& operators);

  // -- steps ------------------------------------------------------------------

  stored_tasks change(const change_tasks& request);
  task_groups save(const save_task_group& request);
  caf::expected<reworked_tasks> rework(const rework_tasks& request);
  saved put(const save_operator& request);
  saved remove(const drop_operator& request);

  // -- marks ------------------------------------------------------------------

  /// Whether marks are made.
  bool is_followed() const {
    return is_followed_;
  }

  saved follow(const follow_marks& request);
  task_marks load(const load_marks&);
  last_mark last(const get_last_mark&);
  saved drop(const drop_marks& request);

private:
  /// @param what `key` where workers took it or gave it back, else "".
  void mark_task(std::uint64_t key, std::string_view what = {});
  void mark_group(std::uint64_t key);

  /// Of what nobody can look up later.
  void mark_fact(std::string_view room, std::string_view name,
                 std::string_view data);
  void mark(const rework_tasks& request, const reworked_tasks& done);
  std::vector<task_event> facts_of(const cursor& row);
  std::vector<task_event> facts_of_task(std::uint64_t key, bool with_key);

  database& db_;
  task_table& tasks_;
  task_group_table& groups_;
  task_steps& steps_;
  task_rework& rework_;
  operator_table& operators_;
  statement task_;
  statement group_;
  statement fact_;
  statement last_error_;
  statement load_;
  statement last_;
  statement drop_;
  bool is_followed_;
};

} // namespace orc::sqlite
