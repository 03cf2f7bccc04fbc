#pragma once

#include "messages/base/names.hpp"
#include "messages/task/task.hpp"
#include "messages/task/task_store/live.hpp"

#include <array>

namespace orc {

/// What is done to a task or a group as a whole, seldom, whatever is complete.
enum class task_rework_kind : std::uint8_t {
  /// From now on the tasks of the group up to `until` are being reset: as if
  /// new; if the group has seeds, the others go.
  begin_reset,
  /// From now on the group is being removed, with all its tasks.
  begin_removal,
  /// So many tasks of a group that is being reset or removed, those behind
  /// `after`. The last such step ends it.
  next_slice,
  /// So many tasks of the group that are given up, those behind `after`, get
  /// `attempts`.
  retry_slice,
  /// The task as if new, with `attempts`.
  reset_task,
  /// The task gets `attempts`.
  retry_task,
  /// The task, its children and theirs go.
  remove_task,
  /// `definition` in place of what the task was; what it has done stays.
  edit_task,
  /// Of tasks that are given up, on `on_channel` and `of_group`, the first
  /// thousand behind `key` get `attempts`; none is answered after the last.
  redrive,
};

template <>
struct enum_names<task_rework_kind> {
  static constexpr std::array<std::string_view, 9> values{
    "begin-reset", "begin-removal", "next-slice", "retry-slice", "reset-task",
    "retry-task",  "remove-task",   "edit-task",  "redrive"};
};

/// Does something to a task or a group as a whole.
struct rework_tasks {
  task_rework_kind kind = task_rework_kind::reset_task;
  /// Of the task or the group.
  std::uint64_t key = 0;
  std::int64_t attempts = 0;
  task_definition definition = {};
  /// Of the parents of `definition`; for `redrive`, only these tasks.
  std::vector<std::uint64_t> parents = {};
  std::uint64_t after = 0;
  std::uint64_t until = 0;
  /// Key of a group; 0: any.
  std::uint64_t of_group = 0;
  /// "": any.
  std::string on_channel = {};

  static constexpr auto fields
    = describe("rework_tasks", "Changes a task or a group as a whole.",
               field("kind", &rework_tasks::kind, "How."),
               field("key", &rework_tasks::key, "Of the task or the group."),
               field("attempts", &rework_tasks::attempts, "For each."),
               field("definition", &rework_tasks::definition, "In its place."),
               field("parents", &rework_tasks::parents, "Their keys."),
               field("after", &rework_tasks::after, "A key."),
               field("until", &rework_tasks::until, "A key."),
               field("ofGroup", &rework_tasks::of_group, "0: any."),
               field("onChannel", &rework_tasks::on_channel, "\"\": any."));
};

/// A channel has more tasks than before, or fewer.
struct channel_change {
  std::string name;
  std::int64_t count = 0;

  static constexpr auto fields
    = describe("channel_change", "Tasks that came or went.",
               field("name", &channel_change::name, "On which channel."),
               field("count", &channel_change::count,
                     "How many; below 0: "
                     "went."));
};

/// Answers `rework_tasks` with what TASKS has to know anew.
struct reworked_tasks {
  /// These are not there any more, or complete.
  std::vector<std::uint64_t> gone;
  /// Ids of those that were removed.
  std::vector<task> removed;
  /// How these are now.
  std::vector<live_task> live;
  /// The task or the group after it, if it is still there.
  std::vector<task> tasks;
  std::vector<task_group> groups;
  /// What has changed of how many tasks there are, complete ones too.
  std::vector<channel_change> channels;
  /// Behind which key the next slice begins; 0: this was the last one.
  std::uint64_t next = 0;

  static constexpr auto fields
    = describe("reworked_tasks", "Answers rework_tasks.",
               field("gone", &reworked_tasks::gone, "Not live any more."),
               field("removed", &reworked_tasks::removed, "As they were."),
               field("live", &reworked_tasks::live, "As they are."),
               field("tasks", &reworked_tasks::tasks, "After it."),
               field("groups", &reworked_tasks::groups, "After it."),
               field("channels", &reworked_tasks::channels, "How many."),
               field("next", &reworked_tasks::next, "0: ended."));
};

} // namespace orc
