#pragma once

#include "actors/task/load_watchers.hpp"
#include "actors/task/task_book.hpp"
#include "actors/task/task_waiters.hpp"
#include "messages/pool/work_queue.hpp"
#include "messages/task/patch.hpp"
#include "messages/task/tasks.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace orc {

struct tasks_config {
  /// How long a worker may have a task without a word.
  std::chrono::milliseconds lease{60'000};
};

/// What it says to itself: time has come for somebody.
struct tasks_tick {
  std::uint64_t number = 0;

  static constexpr auto fields
    = describe("tasks_tick", "Time has come.",
               field("number", &tasks_tick::number, "The last one counts."));
};

/// What it says to itself: go on with what takes many turns. Whoever has asked
/// for something meanwhile comes first.
struct tasks_turn {
  std::function<void()> go;
};

} // namespace orc

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::tasks_turn)

namespace orc {

/// TASKS is a WORK QUEUE, too, and a TASK PATCHER.
using tasks_self = tasks_actor::extend_with<work_queue_actor>::extend_with<
  task_patcher_actor>::extend<caf::reacts_to<tasks_tick>,
                              caf::reacts_to<tasks_turn>>;

/// Lets one step after the other happen to the book of tasks, and answers each
/// when it is durable. Steps that concern complete tasks, too, are done by the
/// TASK STORE; until it has answered, no other step begins.
class tasks_state {
public:
  static inline const char* name = "tasks";

  explicit tasks_state(tasks_self::pointer self);

  tasks_self::behavior_type
  make_behavior(task_store_actor store, const tasks_config& config);

private:
  using tasks_promise = caf::typed_response_promise<stored_tasks>;
  using groups_answer = std::function<void(caf::expected<task_groups>)>;
  using keys = std::vector<task_book::key_type>;

  // -- groups, task_groups.cpp -----------------------------------------------

  /// @returns nothing if there is no such group.
  const live_group* group_of(const std::string& id) const;

  caf::result<task_groups> create_group(const create_task_group& x);
  caf::result<task_groups> change_group(const change_task_group& x);
  caf::result<task_groups> clean(const clean_task_groups& x);
  caf::result<found_open_tasks> has_open(const has_open_tasks& x);

  /// Stores a group as it is, with a new name if there is one.
  void set_group(const live_group& group, std::optional<std::string> new_name,
                 const std::string& event, groups_answer f);
  void
  retry_group(const live_group& group, std::int64_t attempts, groups_answer f);
  void reset_group(const live_group& group, groups_answer f);
  void remove_group(const live_group& group, groups_answer f);

  /// Notes that a group is being reset or removed, then goes through it.
  void begin_slices(rework_tasks request, groups_answer f);

  /// Resets or removes the tasks of a group for which that was noted, now or by
  /// a process before.
  void go_through(task_book::key_type group, groups_answer f);

  /// Goes on slice after slice; others come in between.
  void rework_slices(rework_tasks request, groups_answer f);

  /// Removes the groups one by one, from the last to the first.
  void remove_all(std::vector<task_group> left, std::function<void()> f);

  // -- tasks, task_edits.cpp -------------------------------------------------

  /// Calls `f` with the keys of the parents that are there, and with the ids of
  /// those that are not.
  template <class F>
  void with_parents(const task_definition& x, tasks_promise promise, F f);

  caf::result<stored_tasks> create(const create_task& x);
  void
  create_with(const create_task& x, const keys& parents, tasks_promise promise);
  caf::result<stored_tasks> change(const change_task& x);
  caf::result<stored_tasks> edit(const edit_task& x);
  caf::result<stored_tasks> patch(const patch_task& x);
  template <class F>
  caf::result<stored_tasks> redefine(const std::string& id, F wanted);

  /// @param of what the task was
  void put_in_place(const task& of, const task_definition& is,
                    tasks_promise promise);

  /// Those that it had stay, whatever has become of them.
  /// @param parents that are there
  /// @param missing ids of those that are not
  /// @returns why the task may not wait for those that are new.
  caf::error check_new_parents(const task& x, keys parents,
                               const std::vector<std::string>& missing) const;
  void rework_task(rework_tasks request, const std::string& id,
                   tasks_promise promise);
  void do_rework(rework_tasks request, tasks_promise promise);
  void pluck(const std::string& id, tasks_promise promise);
  void pluck_known(const task& x, tasks_promise promise);

  // -- many at once, task_bulk.cpp -------------------------------------------

  using made_promise = caf::typed_response_promise<created_tasks>;

  caf::result<created_tasks> create_all(const create_tasks& x);
  void create_checked(const create_tasks& x, made_promise promise);
  void create_graph(const create_tasks& x, made_promise promise);
  caf::result<redriven_tasks> redrive(const redrive_tasks& x);

  /// Only those of them that are ids of tasks, not of something else.
  void redrive_named(rework_tasks request, const std::vector<std::string>& ids,
                     caf::typed_response_promise<redriven_tasks> promise);
  void redrive_some(rework_tasks request, std::uint64_t count,
                    caf::typed_response_promise<redriven_tasks> promise);
  void take_back(const return_task& x);

  // -- limits, task_limits.cpp -----------------------------------------------

  caf::result<limit_standings> set_limits(const set_task_limits& x);
  caf::result<limit_standings> limits(const get_task_limits& x);
  caf::result<task_standing> explain(const explain_task& x);

  // -- working, tasks_work.cpp ------------------------------------------------

  caf::result<stored_tasks> acquire(const acquire_task& x);
  void acquire_now(const acquire_task& x, tasks_promise promise);
  std::optional<task_book::key_type>
  take(const acquire_task& x, change_tasks& out);
  void
  hand_out(task_book::key_type key, change_tasks out, tasks_promise promise);

  /// What a release does besides changing the task itself.
  struct given_back {
    task_book::key_type key = 0;
    std::size_t created = 0;
    std::optional<timestamp> workgroup_until;
  };

  /// @returns the key of a task that is not complete.
  std::optional<task_book::key_type> find_live(const std::string& id) const;

  /// Calls `f` with a task that is complete, and stays as it is.
  void find_complete(const std::string& id, tasks_promise promise,
                     std::function<void(stored_tasks&)> f);
  caf::expected<given_back>
  give_back(task_book::key_type key, const release_task& x, change_tasks& out);

  caf::result<stored_tasks> release(const release_task& x);
  void release_known(task_book::key_type key, const release_task& x,
                     tasks_promise promise);
  caf::result<stored_tasks> exchange(const exchange_task& x);
  void exchange_known(task_book::key_type key, const exchange_task& x,
                      tasks_promise promise);
  void hand_out_after(stored_tasks done, const acquire_task& x,
                      tasks_promise promise);
  caf::result<stored_tasks> extend(const extend_lease& x);
  caf::result<task_channels> channels(const get_task_channels& x);

  // -- once for each token, tasks_once.cpp ------------------------------------

  void acquire_once(const acquire_task& x, tasks_promise promise);
  void hand_out_again(const acquire_task& x, task_book::key_type key,
                      timestamp since, tasks_promise promise);

  // -- pools, tasks_pools.cpp -------------------------------------------------

  channel_loads loads_of(const std::vector<std::string>& channels) const;
  caf::result<channel_loads> loads(const get_loads& x);
  caf::result<lost_tasks> lose(const lose_worker& x);
  channel_loads set_rules(const set_channel_rules& x);

  /// Answers those that wait for a task of a channel to be ready, if one is.
  void tell_watchers(const std::string& channel);
  void answer_all(std::vector<load_watchers::watcher> xs);

  // -- who waits, and what time brings, tasks_time.cpp ------------------------

  void serve_waiters();
  void serve_channel(const std::string& channel);

  /// Answers a worker that waits: it has no time left.
  void dismiss(const stop_waiting& x);
  void send_away(std::vector<task_waiters::waiter> xs);

  /// Unless somebody else waits for its tasks.
  void stop_awaiting(const std::string& channel);
  void tick();
  void plan_tick();

  // -- who is told, tasks_events.cpp ------------------------------------------

  void tell(const std::string& room, std::string_view what, std::string data);
  void pass_on(const task_event& x);
  void tell_new_group(const std::string& id);
  void tell_task(std::string_view what, const task& x);
  void tell_acquire(const task& x);

  /// @param shown the task itself, then so many new ones, then what its
  ///        completion has freed.
  /// @param until where its workgroup is delayed.
  void
  tell_release(const stored_tasks& shown, std::size_t created,
               const release_task& x, const std::optional<timestamp>& until);

  void subscribe(const task_event_sink& sink);
  void unsubscribe(const task_event_sink& sink);
  void forget(const caf::actor_addr& sink);

  /// Tells of channels that have tasks, from now on of new ones.
  void watch(const channel_sink& sink);

  // -- what is stored, tasks_loading.cpp --------------------------------------

  /// Reads everything anew: at the beginning, and where the store failed; then
  /// again and again until it can be read.
  void load();

  /// The same, unless another book has taken the place of this one since.
  void load_in_place_of(std::uint64_t book);
  void load_book();
  void load_from(task_book::key_type after);
  void load_again(caf::error why);
  void end_load();

  /// Takes in what the store did by itself.
  void learn(const reworked_tasks& x);

  // -- steps, tasks.cpp -------------------------------------------------------

  /// Does what is asked for, unless the book is not known.
  template <class Answer, class Request>
  caf::result<Answer>
  step(caf::result<Answer> (tasks_state::*verb)(const Request&),
       const Request& x);

  /// Comes first in every step. What time did is a step of its own: it is told
  /// whatever the other one shows, and whether or not that is refused.
  void let_time_pass();

  /// Makes a step durable, tells of it, and calls `f` with what it shows.
  void commit(change_tasks out, std::function<void(stored_tasks&)> f,
              std::function<void(const caf::error&)> failed);

  void commit(change_tasks out, tasks_promise promise,
              std::function<void(stored_tasks&)> f);

  /// Makes durable what nobody asked for, and tells of all it changed.
  void commit_unasked(change_tasks out);

  /// Has the store answer with each task that changed, once.
  static void show_changed(change_tasks& out);

  tasks_self::pointer self_;
  task_store_actor store_;
  tasks_config config_;
  task_book book_;
  task_waiters waiters_;
  load_watchers watchers_;
  /// Whose tasks of one key are done one after the other.
  std::set<std::string> serial_channels_;
  std::vector<task_event_sink> sinks_;
  std::vector<channel_sink> channel_sinks_;
  /// When the next tick comes, and its number.
  std::optional<timestamp> tick_at_;
  std::uint64_t last_tick_ = 0;
  bool loading_ = false;
  /// How often the book was read.
  std::uint64_t books_ = 0;
  /// Why the book is not known now; no error: it is.
  caf::error unreadable_;
};

/// Starts TASKS.
tasks_self::behavior_type tasks(tasks_self::stateful_pointer<tasks_state> self,
                                task_store_actor store, tasks_config config);

} // namespace orc
