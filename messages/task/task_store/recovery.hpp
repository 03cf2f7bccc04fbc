#pragma once

#include "messages/task/limits.hpp"
#include "messages/task/task.hpp"
#include "messages/task/task_store/live.hpp"

namespace orc {

/// Asks what TASKS has to know after a restart: tasks by growing key, in pages.
struct load_live_tasks {
  std::uint64_t after = 0;
  std::uint32_t limit = 10'000;

  static constexpr auto fields
    = describe("load_live_tasks", "Asks for tasks that are not complete.",
               field("after", &load_live_tasks::after, "Keys above this."),
               field("limit", &load_live_tasks::limit, "Most of them."));
};

struct live_tasks {
  std::vector<live_task> tasks;
  bool complete = false;

  static constexpr auto fields
    = describe("live_tasks", "Tasks that are not complete.",
               field("tasks", &live_tasks::tasks, "By growing key."),
               field("complete", &live_tasks::complete, "No more."));
};

/// Asks for what else TASKS has to know after a restart.
struct load_task_book {
  static constexpr auto fields
    = describe("load_task_book", "Asks for groups and keys.");
};

struct task_book_summary {
  /// 22 bits that tell stores apart, for ids.
  std::uint32_t store = 0;
  /// Below all that will be given.
  std::uint64_t last_task = 0;
  std::uint64_t last_group = 0;
  std::vector<live_group> groups;
  std::vector<stored_limit> limits = {};
  /// How many tasks are on each, complete ones too; no more is known of them.
  std::vector<task_channel> channels = {};

  static constexpr auto fields = describe(
    "task_book_summary", "Groups and keys.",
    field("store", &task_book_summary::store, "For ids."),
    field("lastTask", &task_book_summary::last_task, "Largest key."),
    field("lastGroup", &task_book_summary::last_group, "Largest key."),
    field("groups", &task_book_summary::groups, "All of them."),
    field("limits", &task_book_summary::limits, "All of them."),
    field("channels", &task_book_summary::channels, "All of them."));
};

} // namespace orc
