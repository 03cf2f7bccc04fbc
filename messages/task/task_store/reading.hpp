#pragma once

#include "messages/task/task.hpp"

namespace orc {

/// Tasks as users see them.
struct stored_tasks {
  std::vector<task> tasks;
  std::vector<task_parent> parents;

  static constexpr auto fields = describe(
    "stored_tasks", "Tasks.",
    field("tasks", &stored_tasks::tasks, "In the order asked for."),
    field("parents", &stored_tasks::parents, "Of the one that is handed out."));
};

/// Asks for tasks, the newest first, or for one.
struct find_tasks {
  /// If not empty, only the one with this id, and no other field counts.
  std::string id;
  /// Of this group, if not empty.
  std::string group_id;
  /// On this channel, if there is no group.
  std::string channel;
  /// Only those that are not complete and have no attempts left.
  bool dead = false;
  /// 0: no limit.
  std::uint64_t limit = 0;
  std::uint64_t skip = 0;
  /// If not empty, only those that are older than the one with this id.
  std::string before = {};

  static constexpr auto fields
    = describe("find_tasks", "Asks for tasks.",
               field("id", &find_tasks::id, "Only this one."),
               field("groupId", &find_tasks::group_id, "Only of this group."),
               field("channel", &find_tasks::channel, "Only on this channel."),
               field("dead", &find_tasks::dead, "Only those given up."),
               field("limit", &find_tasks::limit, "0: no limit."),
               field("skip", &find_tasks::skip, "The newest so many."),
               field("before", &find_tasks::before, "Only older ones."));
};

/// Asks for groups, the newest first, or for one.
struct find_task_groups {
  std::string id;
  /// 0: no limit.
  std::uint64_t limit = 0;
  std::uint64_t skip = 0;
  /// Only those that are older, if not 1970.
  timestamp created_before = {};

  static constexpr auto fields
    = describe("find_task_groups", "Asks for groups.",
               field("id", &find_task_groups::id, "Only this one."),
               field("limit", &find_task_groups::limit, "0: no limit."),
               field("skip", &find_task_groups::skip, "The newest so many."),
               field("createdBefore", &find_task_groups::created_before,
                     "Only older ones."));
};

struct task_groups {
  std::vector<task_group> groups;
  /// Of all there are.
  std::uint64_t count = 0;

  static constexpr auto fields
    = describe("task_groups", "Groups, the newest first.",
               field("groups", &task_groups::groups, "Those asked for."),
               field("count", &task_groups::count, "Of all there are."));
};

/// Asks which of some keys are those of tasks.
struct check_tasks {
  std::vector<std::uint64_t> keys;

  static constexpr auto fields
    = describe("check_tasks", "Asks which tasks there are.",
               field("keys", &check_tasks::keys, "Which."));
};

/// Answers `check_tasks`, in its order.
struct checked_tasks {
  /// The id; "" if there is none.
  std::vector<std::string> ids;

  static constexpr auto fields
    = describe("checked_tasks", "Answers check_tasks.",
               field("ids", &checked_tasks::ids, "In the same order."));
};

/// Asks for what was noted under a token when something else than tasks was
/// made.
struct find_token {
  std::string token;

  static constexpr auto fields
    = describe("find_token", "Asks what was noted under a token.",
               field("token", &find_token::token, "Which."));
};

/// Answers `find_token`.
struct found_token {
  /// Nothing: the token is not known.
  std::optional<std::uint64_t> number;
  /// When it was made; of a task when it was handed out.
  timestamp at;

  static constexpr auto fields
    = describe("found_token", "Answers find_token.",
               field("number", &found_token::number, presence::optional,
                     "What was noted."),
               field("at", &found_token::at, "When."));
};

} // namespace orc
