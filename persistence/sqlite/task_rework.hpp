#pragma once

#include "messages/task/task_store/resets.hpp"
#include "persistence/sqlite/task_group_table.hpp"
#include "persistence/sqlite/task_table.hpp"

namespace orc::sqlite {

/// What is done to a task or a group as a whole: statements over all its rows,
/// complete ones too, and an account of what TASKS has to know anew.
class task_rework {
public:
  task_rework(database& db, task_table& tasks, task_group_table& groups);

  caf::expected<reworked_tasks> rework(const rework_tasks& request);

  /// Counts those of a task.
  task_resets resets(const get_task_resets& request);

private:
  void next_slice(const rework_tasks& request, reworked_tasks& result);
  void retry_slice(const rework_tasks& request, reworked_tasks& result);

  /// Makes the tasks of a slice as if new: those behind
  /// `after`, up to `last`.
  void reset_touched(std::int64_t group, std::int64_t after, std::int64_t last);

  struct slice_end {
    std::int64_t last = 0;
    /// Behind which key the next one begins; 0: there is none.
    std::uint64_t next = 0;
  };

  /// @pre nothing but the slice was touched
  slice_end end_of_slice();
  void reset_task(const rework_tasks& request);
  void redrive(const rework_tasks& request);
  void edit_task(const rework_tasks& request, reworked_tasks& result);
  void remove_task(std::uint64_t key, reworked_tasks& result);

  /// Removes what is doomed. It counts as touched, and so do its children.
  void remove_doomed(reworked_tasks& result);

  /// Counts tasks that come to their channels, or go.
  static void
  count_channels(cursor row, std::int64_t sign, reworked_tasks& result);

  /// Says which tasks are not live any more, and how those are that are, of
  /// those that were touched.
  void tell(reworked_tasks& result);

  database& db_;
  task_table& tasks_;
  task_group_table& groups_;
  statement touch_dead_slice_;
  statement touch_dead_some_;
  statement touch_dead_one_;
  statement touch_task_;
  statement touch_children_;
  statement doom_touched_;
  statement doom_unseeded_;
  statement begin_reset_;
  statement begin_removal_;
  statement under_way_;
  statement end_reset_;
  statement touch_slice_;
  statement last_touched_;
  statement doom_descendants_;
  statement doomed_;
  statement channels_of_doomed_;
  statement channel_of_task_;
  statement touched_;
  statement unlease_slice_;
  statement reset_slice_;
  statement hold_touched_;
  statement retry_touched_;
  statement unlease_task_;
  statement reset_task_;
  statement resets_;
  statement retry_task_;
  statement edit_task_;
  statement unlink_task_;
  statement link_task_;
  statement free_touched_;
  statement count_parents_;
  statement live_touched_;
  statement not_live_;
  statement remove_group_;
};

} // namespace orc::sqlite
