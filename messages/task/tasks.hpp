#pragma once

#include "messages/base/error.hpp"
#include "messages/task/bulk.hpp"
#include "messages/task/limits.hpp"
#include "messages/task/task_store.hpp"

#include <chrono>

namespace orc {

// -- groups -------------------------------------------------------------------

struct create_task_group {
  std::string name;
  bool is_paused = false;

  static constexpr auto fields
    = describe("create_task_group", "Makes a group.",
               field("name", &create_task_group::name, "For people."),
               field("isPaused", &create_task_group::is_paused,
                     presence::optional, "Hands no task out at first."));
};

enum class group_verb : std::uint8_t {
  rename,
  pause,
  resume,
  /// All tasks as if new; if there are seeds, without all others.
  reset,
  /// Tasks that are given up get attempts again.
  retry,
  /// The group goes, and its tasks with it.
  remove,
};

template <>
struct enum_names<group_verb> {
  static constexpr std::array<std::string_view, 6> values{
    "rename", "pause", "resume", "reset", "retry", "remove"};
};

/// Changes a group and its tasks. Fails with `ec::not_found`.
struct change_task_group {
  group_verb verb = group_verb::pause;
  std::string id;
  /// For `rename`.
  std::string name = {};
  /// For `retry`.
  std::int64_t attempts = 0;

  static constexpr auto fields
    = describe("change_task_group", "Changes a group and its tasks.",
               field("verb", &change_task_group::verb, "How."),
               field("id", &change_task_group::id, "Which."),
               field("name", &change_task_group::name, "Its new name."),
               field("attempts", &change_task_group::attempts, "For each."));
};

/// Removes groups that were made before a time, with all their tasks.
struct clean_task_groups {
  timestamp created_before;
  std::uint32_t limit = 20;

  static constexpr auto fields
    = describe("clean_task_groups", "Removes old groups.",
               field("createdBefore", &clean_task_groups::created_before, "."),
               field("limit", &clean_task_groups::limit, "Most of them."));
};

// -- tasks --------------------------------------------------------------------

/// Makes a task. Fails with `ec::not_found` if there is no such group or
/// parent.
struct create_task {
  std::string group_id;
  task_definition definition;

  static constexpr auto fields
    = describe("create_task", "Makes a task.",
               field("groupId", &create_task::group_id, "In this group."),
               field("definition", &create_task::definition, "What it is."));
};

enum class task_verb : std::uint8_t {
  /// As if new, with so many attempts.
  reset,
  /// With so many attempts.
  retry,
  /// A copy of it, alone in a new group that is paused.
  pluck,
  /// It goes, and its children and theirs.
  remove,
};

template <>
struct enum_names<task_verb> {
  static constexpr std::array<std::string_view, 4> values{"reset", "retry",
                                                          "pluck", "remove"};
};

/// Changes a task. Fails with `ec::not_found`.
struct change_task {
  task_verb verb = task_verb::reset;
  std::string id;
  std::int64_t attempts = 2;

  static constexpr auto fields
    = describe("change_task", "Changes a task.",
               field("verb", &change_task::verb, "How."),
               field("id", &change_task::id, "Which."),
               field("attempts", &change_task::attempts, "It gets so many."));
};

/// Puts a definition in place of what a task was. Fails as `patch_task` does.
struct edit_task {
  std::string id;
  task_definition definition;

  static constexpr auto fields
    = describe("edit_task", "Redefines a task.",
               field("id", &edit_task::id, "Which."),
               field("definition", &edit_task::definition, "In its place."));
};

/// Asks whether a group has a task that is not complete and has attempts left.
struct has_open_tasks {
  std::string group_id;

  static constexpr auto fields
    = describe("has_open_tasks", "Asks whether a group is done.",
               field("groupId", &has_open_tasks::group_id, "Which."));
};

struct found_open_tasks {
  /// None if there is no such group.
  bool any = false;

  static constexpr auto fields = describe(
    "found_open_tasks", "Answers has_open_tasks.",
    field("any", &found_open_tasks::any, "Something is to be done."));
};

// -- working ------------------------------------------------------------------

/// Asks for the next task of a channel: the one of the highest priority, of
/// those the oldest.
struct acquire_task {
  std::string channel;
  std::string worker;
  /// If there is none, waits so long for one.
  std::chrono::milliseconds wait{0};
  /// It comes back to the channel unless it is released after so long; 0 stands
  /// for the default.
  std::chrono::milliseconds lease{0};
  /// If not empty: the task that was handed out under the same token before is
  /// answered with, if the worker has it still, and none is handed out.
  std::string token = {};

  template <class Inspector>
  friend auto inspect(Inspector& f, acquire_task& x) {
    return f(caf::meta::type_name("acquire_task"), x.channel, x.worker, x.wait,
             x.lease, x.token);
  }
};

/// Says that a worker does not wait any more.
struct stop_waiting {
  std::string channel;
  std::string worker;

  static constexpr auto fields
    = describe("stop_waiting", "Waits for no task any more.",
               field("channel", &stop_waiting::channel, "Of this channel."),
               field("workerId", &stop_waiting::worker, "Who."));
};

/// Gives a task back, done or failed.
struct release_task {
  std::string id;
  std::string worker;
  /// JSON; the task is done, unless there is an `error`.
  json_text output;
  /// JSON; the attempt failed.
  json_text error;
  std::vector<task_child> children;
  /// No task of its workgroup is handed out for so long.
  double workgroup_delay_secs = 0;
  double children_delay_secs = 0;

  static constexpr auto fields = describe(
    "release_task", "Gives a task back.",
    field("id", &release_task::id, "Which."),
    field("workerId", &release_task::worker, "Who has it."),
    field("output", &release_task::output, presence::optional, "Any JSON."),
    field("error", &release_task::error, presence::optional, "Any JSON."),
    field("children", &release_task::children, presence::optional,
          "Tasks that it makes."),
    field("workgroupDelayInSeconds", &release_task::workgroup_delay_secs,
          presence::optional, "s", "For its workgroup."),
    field("childrenDelayInSeconds", &release_task::children_delay_secs,
          presence::optional, "s", "For its children."));
};

/// Gives a task back and asks for the next one in the same step: half the
/// messages and half the commits for a worker that goes on. Where the release
/// fails nothing is handed out. It does not wait for a task.
struct exchange_task {
  release_task done;
  acquire_task next;

  template <class Inspector>
  friend auto inspect(Inspector& f, exchange_task& x) {
    return f(caf::meta::type_name("exchange_task"), x.done, x.next);
  }
};

/// Says that a worker still works on a task.
struct extend_lease {
  std::string id;
  std::string worker;
  /// From now on; 0 stands for the default.
  std::chrono::milliseconds lease{0};

  template <class Inspector>
  friend auto inspect(Inspector& f, extend_lease& x) {
    return f(caf::meta::type_name("extend_lease"), x.id, x.worker, x.lease);
  }
};

struct get_task_channels {
  static constexpr auto fields
    = describe("get_task_channels", "Asks how all channels stand.");
};

struct task_channels {
  std::vector<task_channel> channels;

  static constexpr auto fields
    = describe("task_channels", "How all channels stand.",
               field("channels", &task_channels::channels, "By name."));
};

// -- facts --------------------------------------------------------------------

using task_event_sink = caf::typed_actor<caf::reacts_to<task_event>>;

/// Tells a sink every fact from now on, until the sink dies.
struct subscribe_tasks {
  task_event_sink sink;

  template <class Inspector>
  friend auto inspect(Inspector& f, subscribe_tasks& x) {
    return f(caf::meta::type_name("subscribe_tasks"), x.sink);
  }
};

/// Tells the sink nothing any more.
struct unsubscribe_tasks {
  task_event_sink sink;

  template <class Inspector>
  friend auto inspect(Inspector& f, unsubscribe_tasks& x) {
    return f(caf::meta::type_name("unsubscribe_tasks"), x.sink);
  }
};

/// There is a channel of this name: told once, and again where it had no task
/// for a while.
struct channel_seen {
  std::string name;

  static constexpr auto fields
    = describe("channel_seen", "There is a channel of this name.",
               field("name", &channel_seen::name, "Its name."));
};

using channel_sink = caf::typed_actor<caf::reacts_to<channel_seen>>;

/// Tells a sink of every channel that has tasks, from now on.
struct watch_channels {
  channel_sink sink;

  template <class Inspector>
  friend auto inspect(Inspector& f, watch_channels& x) {
    return f(caf::meta::type_name("watch_channels"), x.sink);
  }
};

/// The TASKS interface: graphs of tasks, and the channels on which workers take
/// them. All answers come after what they say is durable. What is no id is the
/// id of nothing, `ec::not_found`; among `parentIds`, and among those of a
/// redrive, it fails with `ec::bad_field`. Fails with `ec::store_failed` while
/// the store cannot be read.
using tasks_actor = caf::typed_actor<
  caf::replies_to<create_task_group>::with<task_groups>,
  // Without a group if it was removed, or there was none to remove.
  caf::replies_to<change_task_group>::with<task_groups>,
  // Those that are removed now; asked again while there are more.
  caf::replies_to<clean_task_groups>::with<task_groups>,
  caf::replies_to<has_open_tasks>::with<found_open_tasks>,
  caf::replies_to<create_task>::with<stored_tasks>,
  // Fails as `create_task` does, and with `ec::bad_field` if they are no graph.
  caf::replies_to<create_tasks>::with<created_tasks>,
  caf::replies_to<redrive_tasks>::with<redriven_tasks>,
  // Without a task if it was removed.
  caf::replies_to<change_task>::with<stored_tasks>,
  caf::replies_to<edit_task>::with<stored_tasks>,
  // Without a task if there is none.
  caf::replies_to<acquire_task>::with<stored_tasks>,
  caf::reacts_to<stop_waiting>,
  // Fails with `ec::not_found`, and with `ec::not_assigned` if it is another
  // worker's now. A task that is complete stays as it is.
  caf::replies_to<release_task>::with<stored_tasks>,
  // Fails as `release_task` does. Answered with the task that was given back,
  // then with the next one if there is one, and its parents.
  caf::replies_to<exchange_task>::with<stored_tasks>,
  // Fails as `release_task` does.
  caf::replies_to<extend_lease>::with<stored_tasks>,
  // Does nothing if the worker has it no longer.
  caf::reacts_to<return_task>,
  // Without an item if there are no limits now.
  caf::replies_to<set_task_limits>::with<limit_standings>,
  // Without an item if the one that was asked for has no limits.
  caf::replies_to<get_task_limits>::with<limit_standings>,
  // Fails with `ec::not_found`.
  caf::replies_to<explain_task>::with<task_standing>,
  caf::replies_to<get_task_channels>::with<task_channels>,
  // Passes on what another actor has to tell.
  caf::reacts_to<task_event>, caf::reacts_to<watch_channels>,
  caf::reacts_to<subscribe_tasks>, caf::reacts_to<unsubscribe_tasks>>;

} // namespace orc

#define ORC_TASKS_MESSAGES(X)                                                  \
  X(orc::create_task_group)                                                    \
  X(orc::change_task_group)                                                    \
  X(orc::clean_task_groups)                                                    \
  X(orc::has_open_tasks)                                                       \
  X(orc::found_open_tasks)                                                     \
  X(orc::create_task)                                                          \
  X(orc::change_task)                                                          \
  X(orc::edit_task)                                                            \
  X(orc::acquire_task)                                                         \
  X(orc::stop_waiting)                                                         \
  X(orc::release_task)                                                         \
  X(orc::exchange_task)                                                        \
  X(orc::extend_lease)                                                         \
  X(orc::task_event)                                                           \
  X(orc::channel_seen)                                                         \
  X(orc::watch_channels)                                                       \
  X(orc::get_task_channels)                                                    \
  X(orc::task_channels)                                                        \
  X(orc::subscribe_tasks)                                                      \
  X(orc::unsubscribe_tasks)

ORC_TASKS_MESSAGES(ORC_DECLARE_MESSAGE)
