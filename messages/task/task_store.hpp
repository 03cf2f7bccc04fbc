#pragma once

#include "messages/base/message.hpp"
#include "messages/base/names.hpp"
#include "messages/run_store/saving.hpp"
#include "messages/task/task.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <array>

namespace orc {

/// All that TASKS keeps in memory of a task that is not complete: little, since
/// there may be millions of them.
struct live_task {
  std::uint64_t key = 0;
  std::uint64_t group = 0;
  std::string channel;
  std::string workgroup;
  std::string dedup_key;
  timestamp created_at;
  timestamp run_after;
  double priority = 0;
  double error_delay_secs = 0;
  std::int64_t attempts = 0;
  bool has_parents = false;
  bool parents_complete = false;
  /// Its parents that are not complete.
  std::vector<std::uint64_t> open_parents;
  /// Nobody if it is not assigned.
  std::string worker;
  timestamp assigned_at;
  timestamp lease_until;

  static constexpr auto fields
    = describe("live_task", "A task that is not complete.",
               field("key", &live_task::key, "Its key."),
               field("group", &live_task::group, "Key of its group."),
               field("channel", &live_task::channel, "Its channel."),
               field("workgroup", &live_task::workgroup, "Its workgroup."),
               field("dedupKey", &live_task::dedup_key, "Done as one."),
               field("createdAt", &live_task::created_at, "When."),
               field("runAfter", &live_task::run_after, "1970 if none."),
               field("priority", &live_task::priority, "Higher first."),
               field("errorDelay", &live_task::error_delay_secs, "s."),
               field("attempts", &live_task::attempts, "Left."),
               field("hasParents", &live_task::has_parents, "Any."),
               field("parentsComplete", &live_task::parents_complete, "All."),
               field("openParents", &live_task::open_parents, "Keys."),
               field("worker", &live_task::worker, "Who has it."),
               field("assignedAt", &live_task::assigned_at, "Since when."),
               field("leaseUntil", &live_task::lease_until, "Until when."));
};

/// A group as TASKS knows it.
struct live_group {
  std::uint64_t key = 0;
  timestamp created_at;
  bool is_paused = false;

  static constexpr auto fields
    = describe("live_group", "A group.",
               field("key", &live_group::key, "Its key."),
               field("createdAt", &live_group::created_at, "When."),
               field("isPaused", &live_group::is_paused, "All its tasks."));
};

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

/// Makes all of it durable, or nothing: new tasks first. Answered with how the
/// tasks of `show` are then.
struct change_tasks {
  std::vector<new_task> added;
  std::vector<task_change> changes;
  std::vector<std::uint64_t> show;
  /// With what their parents made.
  bool show_parents = false;

  static constexpr auto fields
    = describe("change_tasks", "Makes durable what happened to tasks.",
               field("added", &change_tasks::added, "New ones."),
               field("changes", &change_tasks::changes, "In this order."),
               field("show", &change_tasks::show, "What to answer with."),
               field("showParents", &change_tasks::show_parents, "Too."));
};

/// Tasks as users see them.
struct stored_tasks {
  std::vector<task> tasks;
  std::vector<task_parent> parents;

  static constexpr auto fields
    = describe("stored_tasks", "Tasks.",
               field("tasks", &stored_tasks::tasks, "In the order asked for."),
               field("parents", &stored_tasks::parents, "Of the first."));
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

  static constexpr auto fields
    = describe("find_tasks", "Asks for tasks.",
               field("id", &find_tasks::id, "Only this one."),
               field("groupId", &find_tasks::group_id, "Only of this group."),
               field("channel", &find_tasks::channel, "Only on this channel."),
               field("dead", &find_tasks::dead, "Only those given up."),
               field("limit", &find_tasks::limit, "0: no limit."),
               field("skip", &find_tasks::skip, "The newest so many."));
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

  static constexpr auto fields = describe(
    "task_book_summary", "Groups and keys.",
    field("store", &task_book_summary::store, "For ids."),
    field("lastTask", &task_book_summary::last_task, "Largest key."),
    field("lastGroup", &task_book_summary::last_group, "Largest key."),
    field("groups", &task_book_summary::groups, "All of them."));
};

struct get_task_channels {
  static constexpr auto fields
    = describe("get_task_channels", "Asks how all channels stand.");
};

/// How all channels stand; the TASK STORE only knows how many tasks they have.
struct task_channels {
  std::vector<task_channel> channels;

  static constexpr auto fields
    = describe("task_channels", "How all channels stand.",
               field("channels", &task_channels::channels, "By name."));
};

/// Stores an operator, new or changed.
struct save_operator {
  std::uint64_t key = 0;
  task_operator is;

  static constexpr auto fields
    = describe("save_operator", "Stores an operator.",
               field("key", &save_operator::key, "Its key."),
               field("is", &save_operator::is, "All of it."));
};

struct drop_operator {
  std::uint64_t key = 0;

  static constexpr auto fields
    = describe("drop_operator", "Removes an operator.",
               field("key", &drop_operator::key, "Its key."));
};

struct load_operators {
  static constexpr auto fields
    = describe("load_operators", "Asks for all operators.");
};

struct stored_operators {
  /// 22 bits that tell stores apart, for ids.
  std::uint32_t store = 0;
  /// Below all that will be given.
  std::uint64_t last_key = 0;
  /// By growing key.
  std::vector<save_operator> operators;

  static constexpr auto fields
    = describe("stored_operators", "All operators.",
               field("store", &stored_operators::store, "For ids."),
               field("lastKey", &stored_operators::last_key, "Largest."),
               field("operators", &stored_operators::operators, "All."));
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

/// The TASK STORE interface: durable tasks. Every answer to a write comes after
/// it is durable; what waits in the mailbox shares one commit. Fails with
/// `ec::store_failed` when the disk does; then nothing of it is stored.
using task_store_actor
  = caf::typed_actor<caf::replies_to<change_tasks>::with<stored_tasks>,
                     caf::replies_to<save_task_group>::with<task_groups>,
                     caf::replies_to<rework_tasks>::with<reworked_tasks>,
                     // Fails with `ec::not_found` if one was asked for that is
                     // not there.
                     caf::replies_to<find_tasks>::with<stored_tasks>,
                     caf::replies_to<find_task_groups>::with<task_groups>,
                     caf::replies_to<check_tasks>::with<checked_tasks>,
                     caf::replies_to<load_live_tasks>::with<live_tasks>,
                     caf::replies_to<get_task_channels>::with<task_channels>,
                     caf::replies_to<save_operator>::with<saved>,
                     caf::replies_to<drop_operator>::with<saved>,
                     caf::replies_to<load_operators>::with<stored_operators>,
                     caf::replies_to<load_task_book>::with<task_book_summary>>;

} // namespace orc

#define ORC_TASK_STORE_MESSAGES(X)                                             \
  X(orc::change_tasks)                                                         \
  X(orc::stored_tasks)                                                         \
  X(orc::save_task_group)                                                      \
  X(orc::rework_tasks)                                                         \
  X(orc::reworked_tasks)                                                       \
  X(orc::find_tasks)                                                           \
  X(orc::find_task_groups)                                                     \
  X(orc::task_groups)                                                          \
  X(orc::check_tasks)                                                          \
  X(orc::checked_tasks)                                                        \
  X(orc::load_live_tasks)                                                      \
  X(orc::live_tasks)                                                           \
  X(orc::get_task_channels)                                                    \
  X(orc::task_channels)                                                        \
  X(orc::save_operator)                                                        \
  X(orc::drop_operator)                                                        \
  X(orc::load_operators)                                                       \
  X(orc::stored_operators)                                                     \
  X(orc::load_task_book)                                                       \
  X(orc::task_book_summary)

ORC_TASK_STORE_MESSAGES(ORC_DECLARE_MESSAGE)
