#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/timestamp.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orc {

/// A set of tasks that is paused, resumed, reset and retried together.
struct task_group {
  std::string id;
  std::optional<std::string> name;
  bool is_paused = false;
  timestamp created_at;

  static constexpr auto fields = describe(
    "task_group", "Tasks that belong together.",
    field("_id", &task_group::id, "24 hexadecimal digits."),
    field("name", &task_group::name, presence::nullable, "For people."),
    field("isPaused", &task_group::is_paused, "Its tasks are not handed out."),
    field("createdAt", &task_group::created_at, "When."));
};

/// What a worker is to do, as whoever creates a task says it.
struct task_definition {
  std::optional<std::string> name;
  std::optional<std::string> channel;
  std::optional<std::string> workgroup;
  std::optional<std::string> key;
  std::int64_t remaining_attempts = 5;
  double priority = 0;
  std::optional<timestamp> run_after;
  double progress_weight = 1;
  bool is_seed = false;
  double error_delay_secs = 30;
  /// For what must not be done twice, or may take its worker along.
  bool fails_on_lease_end = false;
  json_text input;
  /// Ids. None given is not the same as an empty list: only the latter counts
  /// as complete parents.
  std::optional<std::vector<std::string>> parent_ids;

  static constexpr auto fields = describe(
    "task_definition", "What a worker is to do.",
    field("name", &task_definition::name, presence::nullable, "For people."),
    field("channel", &task_definition::channel, presence::nullable,
          "Whose workers do it."),
    field("workgroup", &task_definition::workgroup, presence::nullable,
          "Tasks that a worker can delay together, as for a rate limit."),
    field("key", &task_definition::key, presence::nullable,
          "Tasks of a channel with the same key are done as one."),
    field("remainingAttempts", &task_definition::remaining_attempts,
          presence::optional, "How often it may fail."),
    field("priority", &task_definition::priority, presence::optional,
          "Higher first."),
    field("runAfter", &task_definition::run_after, presence::nullable,
          "Not handed out before."),
    field("progressWeight", &task_definition::progress_weight,
          presence::optional, "Its share of a progress bar."),
    field("isSeed", &task_definition::is_seed, presence::optional,
          "Survives a reset of its group, which removes all others."),
    field("errorDelayInSeconds", &task_definition::error_delay_secs,
          presence::optional, "s", "Wait after a failure."),
    field(
      "failOnLeaseEnd", &task_definition::fails_on_lease_end,
      presence::optional,
      "A lease that ends is an attempt that failed; otherwise the task goes "
      "to another worker as if nothing had been."),
    field("input", &task_definition::input, presence::nullable, "Any JSON."),
    field("parentIds", &task_definition::parent_ids, presence::nullable,
          "Tasks that have to be complete first, of any group."));
};

/// A task that the completion of another one makes.
struct task_child {
  task_definition task;
  /// What siblings call it in their `_parent_ids`; "" if they do not.
  std::string child_id;
  /// Siblings that have to be complete first, in any order; none: the task
  /// that is being completed.
  std::vector<std::string> parents;

  static constexpr auto fields
    = describe("task_child", "A task that a completion makes.",
               field("task", &task_child::task, "What it is."),
               field("_child_id", &task_child::child_id, presence::optional,
                     "Its name among its siblings."),
               field("_parent_ids", &task_child::parents, presence::optional,
                     "Siblings that come first."));
};

/// A task as Crew's API shows it.
struct task {
  std::string id;
  std::string group_id;
  std::optional<std::string> name;
  std::optional<std::string> channel;
  std::optional<std::string> workgroup;
  std::optional<std::string> key;
  std::int64_t remaining_attempts = 5;
  bool is_paused = false;
  bool parents_complete = false;
  bool is_complete = false;
  double priority = 0;
  std::optional<timestamp> run_after;
  double progress_weight = 1;
  bool is_seed = false;
  double error_delay_secs = 30;
  /// Only where it is so: Crew's tasks have no such field.
  std::optional<bool> fails_on_lease_end;
  json_text input;
  json_text output;
  /// A JSON array.
  json_text errors;
  timestamp created_at;
  std::vector<std::string> parent_ids;
  std::optional<std::string> assigned_to;
  std::optional<timestamp> assigned_at;
  /// Crew's messages to itself; ours has none.
  std::optional<std::string> execute_message_id;
  std::optional<std::string> examine_message_id;

  static constexpr auto fields = describe(
    "task", "One unit of work on a channel.",
    field("_id", &task::id, "24 hexadecimal digits."),
    field("taskGroupId", &task::group_id, "Its group."),
    field("name", &task::name, presence::nullable, "For people."),
    field("channel", &task::channel, presence::nullable,
          "Whose workers do it."),
    field("workgroup", &task::workgroup, presence::nullable,
          "Tasks that a worker can delay together."),
    field("key", &task::key, presence::nullable,
          "Tasks of a channel with the same key are done as one."),
    field("remainingAttempts", &task::remaining_attempts,
          "How often it may still fail; 0 once it is complete."),
    field("isPaused", &task::is_paused, "As its group."),
    field("parentsComplete", &task::parents_complete,
          "All its parents are complete. False if none were given."),
    field("isComplete", &task::is_complete, "A worker has done it."),
    field("priority", &task::priority, "Higher first."),
    field("runAfter", &task::run_after, presence::nullable,
          "Not handed out before."),
    field("progressWeight", &task::progress_weight,
          "Its share of a progress bar."),
    field("isSeed", &task::is_seed, "Survives a reset of its group."),
    field("errorDelayInSeconds", &task::error_delay_secs, presence::required,
          "s", "Wait after a failure."),
    field("failOnLeaseEnd", &task::fails_on_lease_end, presence::optional,
          "True: a lease that ends is an attempt that failed."),
    field("input", &task::input, presence::nullable, "Any JSON."),
    field("output", &task::output, presence::nullable,
          "What the worker said. Any JSON."),
    field("errors", &task::errors, presence::nullable,
          "Of each attempt that failed."),
    field("createdAt", &task::created_at, "When."),
    field("parentIds", &task::parent_ids, "Tasks that come first."),
    field("assignedTo", &task::assigned_to, presence::nullable,
          "The worker that has it."),
    field("assignedAt", &task::assigned_at, presence::nullable, "Since when."),
    field("executeMessageId", &task::execute_message_id, presence::nullable,
          "Always null."),
    field("examineMessageId", &task::examine_message_id, presence::nullable,
          "Always null."));
};

/// What a worker is told of a parent of its task.
struct task_parent {
  std::string id;
  std::optional<std::string> channel;
  json_text input;
  json_text output;

  static constexpr auto fields = describe(
    "task_parent", "A task that came first.",
    field("_id", &task_parent::id, "Its id."),
    field("channel", &task_parent::channel, presence::nullable, "Its channel."),
    field("input", &task_parent::input, presence::nullable, "What it got."),
    field("output", &task_parent::output, presence::nullable, "What it made."));
};

/// An HTTP endpoint that does the tasks of a channel.
struct task_operator {
  std::string id;
  std::string channel;
  std::string url;
  /// JSON: `headers`, `params`, `auth` and `timeout` of its requests.
  json_text request_config;
  std::optional<bool> is_paused;
  timestamp created_at;

  static constexpr auto fields = describe(
    "task_operator", "An HTTP endpoint that does the tasks of a channel.",
    field("_id", &task_operator::id, "24 hexadecimal digits."),
    field("channel", &task_operator::channel, "Whose tasks it does."),
    field("url", &task_operator::url, "Gets a POST for each task."),
    field("requestConfig", &task_operator::request_config, presence::nullable,
          "headers, params, auth and timeout (ms) of these requests."),
    field("isPaused", &task_operator::is_paused, presence::nullable,
          "It gets no tasks."),
    field("createdAt", &task_operator::created_at, "When."));
};

/// How a channel stands.
struct task_channel {
  std::string name;
  std::uint64_t total = 0;
  std::uint64_t complete = 0;
  std::uint64_t assigned = 0;

  static constexpr auto fields
    = describe("task_channel", "How a channel stands.",
               field("name", &task_channel::name, "Its name."),
               field("totalCount", &task_channel::total, "Tasks on it."),
               field("completedCount", &task_channel::complete,
                     "Those that are complete."),
               field("assignedCount", &task_channel::assigned,
                     "Those that a worker has now."));
};

} // namespace orc
