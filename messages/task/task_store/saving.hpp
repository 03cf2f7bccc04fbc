#pragma once

#include "messages/base/names.hpp"
#include "messages/task/event.hpp"
#include "messages/task/limits.hpp"
#include "messages/task/task.hpp"
#include "messages/task/task_store/live.hpp"

#include <array>

namespace orc {

/// A task to be stored under a key that TASKS gave it.
struct new_task {
  std::uint64_t key = 0;
  std::uint64_t group = 0;
  timestamp created_at;
  task_definition definition;
  std::vector<std::uint64_t> parents;
  bool parents_complete = false;

  static constexpr auto fields
    = describe("new_task", "A task to be stored.",
               field("key", &new_task::key, "Its key."),
               field("group", &new_task::group, "Key of its group."),
               field("createdAt", &new_task::created_at, "When."),
               field("definition", &new_task::definition, "What it is."),
               field("parents", &new_task::parents, "Keys."),
               field("parentsComplete", &new_task::parents_complete, "All."));
};

enum class task_change_kind : std::uint8_t {
  /// A worker has it from `at` until `until`; `text` is who.
  lease,
  /// Nobody has it any more.
  unlease,
  /// An attempt failed: `count` attempts are left, not before `until`; `text`
  /// is the error, as JSON.
  fail,
  /// It is done; `text` is the output, as JSON.
  complete,
  /// Not before `until`.
  delay,
  /// All its parents are complete.
  parents_complete,
};

template <>
struct enum_names<task_change_kind> {
  static constexpr std::array<std::string_view, 6> values{
    "lease", "unlease", "fail", "complete", "delay", "parents-complete"};
};

/// What happened to one task.
struct task_change {
  task_change_kind kind = task_change_kind::lease;
  std::uint64_t key = 0;
  timestamp at = {};
  timestamp until = {};
  std::int64_t count = 0;
  json_text text = {};

  static constexpr auto fields
    = describe("task_change", "What happened to a task.",
               field("kind", &task_change::kind, "What."),
               field("key", &task_change::key, "To which."),
               field("at", &task_change::at, "Since when."),
               field("until", &task_change::until, "Until when."),
               field("count", &task_change::count, "Attempts left."),
               field("text", &task_change::text, presence::optional, "See."));
};

/// Stores a group, new or changed.
struct save_task_group {
  live_group group;
  /// Nothing: as it is. A group that is new has none then.
  std::optional<std::string> name;

  static constexpr auto fields = describe(
    "save_task_group", "Stores a group.",
    field("group", &save_task_group::group, "Key and state."),
    field("name", &save_task_group::name, presence::optional, "Its new name."));
};

/// Makes all of it durable, or nothing: a new group and new tasks first.
/// Answered with how the tasks of `show` are then.
struct change_tasks {
  std::vector<new_task> added;
  std::vector<task_change> changes;
  std::vector<std::uint64_t> show;
  /// With what the parents of this one made; 0: of none.
  std::uint64_t parents_of = 0;
  std::vector<spent_token> spent = {};
  std::optional<save_task_group> group = {};
  /// If not empty, `find_made` finds by it all that is new, or else the first
  /// of `show`.
  std::string token = {};
  /// What is to be told that the tasks themselves do not show.
  std::vector<task_event> facts = {};

  static constexpr auto fields
    = describe("change_tasks", "Makes durable what happened to tasks.",
               field("added", &change_tasks::added, "New ones."),
               field("changes", &change_tasks::changes, "In this order."),
               field("show", &change_tasks::show, "What to answer with."),
               field("parentsOf", &change_tasks::parents_of, "Too."),
               field("spent", &change_tasks::spent, "Of buckets."),
               field("group", &change_tasks::group, presence::optional, "New."),
               field("token", &change_tasks::token, presence::optional, "."),
               field("facts", &change_tasks::facts, presence::optional, "."));
};

} // namespace orc
