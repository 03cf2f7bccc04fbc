#pragma once

#include "messages/base/names.hpp"
#include "messages/task/task.hpp"
#include "messages/task/task_store/live.hpp"

#include <array>

namespace orc {

/// What is done to a task or a group as a whole, seldom, whatever is complete.
enum class task_rework_kind : std::uint8_t {
  /// All of the group as if new; if it has seeds, without all others.
  reset_group,
  /// Those of the group that are given up get `attempts`.
  retry_group,
  /// The group and all its tasks go.
  remove_group,
  /// The task as if new, with `attempts`.
  reset_task,
  /// The task gets `attempts`.
  retry_task,
  /// The task, its children and theirs go.
  remove_task,
  /// `definition` in place of what the task was; what it has done stays.
  edit_task,
};

template <>
struct enum_names<task_rework_kind> {
  static constexpr std::array<std::string_view, 7> values{
    "reset-group", "retry-group", "remove-group", "reset-task",
    "retry-task",  "remove-task", "edit-task"};
};

/// Does something to a task or a group as a whole.
struct rework_tasks {
  task_rework_kind kind = task_rework_kind::reset_group;
  /// Of the task or the group.
  std::uint64_t key = 0;
  std::int64_t attempts = 0;
  task_definition definition = {};
  /// Of the parents of `definition`.
  std::vector<std::uint64_t> parents = {};

  static constexpr auto fields
    = describe("rework_tasks", "Changes a task or a group as a whole.",
               field("kind", &rework_tasks::kind, "How."),
               field("key", &rework_tasks::key, "Of the task or the group."),
               field("attempts", &rework_tasks::attempts, "For each."),
               field("definition", &rework_tasks::definition, "In its place."),
               field("parents", &rework_tasks::parents, "Their keys."));
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

  static constexpr auto fields
    = describe("reworked_tasks", "Answers rework_tasks.",
               field("gone", &reworked_tasks::gone, "Not live any more."),
               field("removed", &reworked_tasks::removed, "As they were."),
               field("live", &reworked_tasks::live, "As they are."),
               field("tasks", &reworked_tasks::tasks, "After it."),
               field("groups", &reworked_tasks::groups, "After it."));
};

} // namespace orc
