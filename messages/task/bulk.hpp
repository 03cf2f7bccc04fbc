#pragma once

#include "messages/base/message.hpp"
#include "messages/task/task.hpp"

namespace orc {

/// Makes many tasks in one step: all of them, or none. They may hang on one
/// another, as children of a release do.
struct create_tasks {
  /// In this group; if empty, in a new one.
  std::string group_id;
  /// Of the new group.
  std::string group_name = {};
  bool is_paused = false;
  std::vector<task_child> tasks = {};
  /// If not empty: what was made under the same token before is answered with,
  /// and nothing is made.
  std::string token = {};

  static constexpr auto fields = describe(
    "create_tasks", "Makes many tasks.",
    field("groupId", &create_tasks::group_id, presence::optional, "Where."),
    field("groupName", &create_tasks::group_name, presence::optional,
          "Of a new group."),
    field("isPaused", &create_tasks::is_paused, presence::optional,
          "The new group is."),
    field("tasks", &create_tasks::tasks, "What they are."),
    field("token", &create_tasks::token, presence::optional, "Once."));
};

/// Answers `create_tasks`.
struct created_tasks {
  std::string group_id;
  /// In the order of the request.
  std::vector<task> tasks;

  static constexpr auto fields
    = describe("created_tasks", "What was made.",
               field("taskGroupId", &created_tasks::group_id, "Where."),
               field("tasks", &created_tasks::tasks, "All of them."));
};

/// Asks what was made under a token. Fails with `ec::not_found`.
struct find_made {
  std::string token;

  static constexpr auto fields
    = describe("find_made", "Asks what was made under a token.",
               field("token", &find_made::token, "Which."));
};

/// Says that a worker will not do a task that it was given: its answer was
/// lost. The attempt is not spent.
struct return_task {
  std::string id;
  std::string worker;
  /// As the answer said it: it may have the task again meanwhile.
  timestamp assigned_at;

  static constexpr auto fields
    = describe("return_task", "Takes back what was not given.",
               field("id", &return_task::id, "Which."),
               field("workerId", &return_task::worker, "Who did not get it."),
               field("assignedAt", &return_task::assigned_at, "When."));
};

/// Gives tasks attempts again that have none left, and are not complete.
struct redrive_tasks {
  /// Only those on this channel, if not empty.
  std::string channel;
  /// Only those of this group, if not empty.
  std::string group_id;
  /// If not empty, only these, and only those of them that are given up.
  std::vector<std::string> ids;
  std::int64_t attempts = 2;

  static constexpr auto fields = describe(
    "redrive_tasks", "Gives tasks attempts again that have none left.",
    field("channel", &redrive_tasks::channel, presence::optional,
          "Only those on this channel."),
    field("taskGroupId", &redrive_tasks::group_id, presence::optional,
          "Only those of this group."),
    field("ids", &redrive_tasks::ids, presence::optional,
          "Only these; those that are not given up are passed over."),
    field("remainingAttempts", &redrive_tasks::attempts, presence::optional,
          "Each gets so many, at least 1; 2 if not given."));
};

struct redriven_tasks {
  std::uint64_t count = 0;

  static constexpr auto fields
    = describe("redriven_tasks", "What a redrive did.",
               field("redriven", &redriven_tasks::count,
                     "So many tasks have attempts again."));
};

} // namespace orc

#define ORC_TASK_BULK_MESSAGES(X)                                              \
  X(orc::create_tasks)                                                         \
  X(orc::created_tasks)                                                        \
  X(orc::find_made)                                                            \
  X(orc::return_task)                                                          \
  X(orc::redrive_tasks)                                                        \
  X(orc::redriven_tasks)

ORC_TASK_BULK_MESSAGES(ORC_DECLARE_MESSAGE)
