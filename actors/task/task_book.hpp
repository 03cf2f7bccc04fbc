#pragma once

#include "actors/task/task_line.hpp"
#include "messages/pool/work_queue.hpp"
#include "messages/task/child_graph.hpp"
#include "messages/task/tasks.hpp"

#include <caf/error.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace orc {

/// Knows all tasks that are not complete, and who may have which next. Pure
/// logic: it says what has to be made durable, and does nothing else.
///
///     waiting --acquire--> leased --release--> complete, or waiting again
///        ^                   |
///        +----lease ends-----+
///
/// A task is handed out if its group is not paused, attempts are left, its time
/// has come, its parents are complete, and no worker has it or one of its key.
class task_book {
public:
  using key_type = std::uint64_t;

  // -- what is known ----------------------------------------------------------

  /// Starts from nothing.
  void clear(const task_book_summary& x, timestamp now);

  /// Takes a group in, or how it is now: whether it is paused.
  void put_group(const live_group& x);
  void drop_group(key_type key);

  /// Hands out no task of a group from now on; with 0 hands them out again.
  void hold_group(key_type key, key_type resetting_until);

  /// @returns the groups that are being reset.
  std::vector<key_type> resetting() const;

  key_type last_task() const {
    return last_task_;
  }

  const live_group* find_group(key_type key) const;

  /// @returns whether a group has a task that has attempts left.
  /// @pre it is known
  bool has_open(key_type group) const;

  /// Takes a task in, in place of what was known of it.
  void put(const live_task& x);
  void drop(key_type key);
  bool has(key_type key) const;

  /// @pre it is known
  bool has_parents(key_type key) const;

  /// @pre it is known
  bool fails_on_lease_end(key_type key) const;

  /// @returns whether a task would wait for itself if it waited for these.
  bool would_wait_for_itself(key_type key, std::vector<key_type> parents) const;

  /// @returns the id of a task that is known.
  std::string id_of(key_type key) const;

  std::string id_of_group(const live_group& x) const;

  key_type next_group_key();

  /// @returns how all channels stand that have tasks, complete ones too.
  task_channels standings() const;

  /// Takes in that tasks came to a channel or went, complete or not, other than
  /// by a step of this book.
  void count(const channel_change& x);

  /// @returns the names of all channels that have tasks which are not complete.
  std::vector<std::string> channels() const;

  /// @returns those that had their first one since the last time; again where
  ///          they had none for a while.
  std::vector<std::string> take_new_channels();

  // -- what pools ask ---------------------------------------------------------

  channel_load load_of(const std::string& channel) const;

  /// Sets whether tasks of a channel with one key are done one after the other.
  void set_serial(const std::string& channel, bool serial);

  /// Takes all that a worker has, or one of its hands: they failed if there is
  /// an error, else the attempts do not count.
  /// @returns the tasks.
  std::vector<key_type> lose(const lose_worker& x, change_tasks& out);

  // -- limits -----------------------------------------------------------------

  /// Puts limits in place of those that there were; nothing removes them.
  /// @returns when the bucket will be full, to be stored.
  double limit(const set_task_limits& x);

  /// @returns those that have limits, by name.
  std::vector<limit_standing> limits(const get_task_limits& x);

  /// @returns where a task is, and what it waits for first.
  /// @pre it is known
  task_standing explain(key_type key) const;

  // -- what time does ---------------------------------------------------------

  /// Ends leases that are over, and lets tasks go whose time has come. Comes
  /// first in every step.
  /// @returns tasks that came back.
  std::vector<key_type> advance(timestamp now, change_tasks& out);

  /// @returns when to call `advance` next, or nothing.
  std::optional<timestamp> next_due() const;

  // -- steps of a task --------------------------------------------------------

  /// @pre the group and the parents are there
  key_type create(key_type group, const task_definition& x,
                  const std::vector<key_type>& parents, change_tasks& out);

  /// @returns the task, or nothing if the channel has none to hand out.
  std::optional<key_type>
  acquire(const acquire_task& x, std::chrono::milliseconds lease,
          change_tasks& out);

  /// Takes it back from a worker that never got it, with its twins.
  /// @pre the worker has it
  void give_back(key_type key, change_tasks& out);

  /// @returns since when a worker has it, or nothing.
  std::optional<timestamp> leased_at(key_type key) const;

  /// @returns why the worker may not: `ec::not_assigned`.
  caf::error check_lease(key_type key, const std::string& worker) const;

  void extend(key_type key, std::chrono::milliseconds lease, change_tasks& out);

  /// What a release did besides the task itself.
  struct effects {
    std::vector<key_type> created;
    /// Their parents are complete now.
    std::vector<key_type> freed;
    std::optional<timestamp> workgroup_until;
  };

  /// @pre the worker has it
  effects fail(key_type key, const release_task& x, change_tasks& out);

  /// Fails with `ec::bad_field` if the children are no graph, and does nothing
  /// then.
  /// @pre the worker has it
  caf::expected<effects>
  complete(key_type key, const release_task& x, change_tasks& out);

  /// Makes tasks that may hang on one another.
  /// @param parent of those that name no sibling; 0: they have none of it.
  /// @pre `check_children(xs)`; parents that they name by id are there
  std::vector<key_type>
  create_all(key_type group, const std::vector<task_child>& xs, key_type parent,
             double delay_secs, change_tasks& out);

  // -- who waits --------------------------------------------------------------

  /// Notes that somebody waits for tasks of a channel.
  void await(const std::string& channel);

  /// Nobody waits for them any more.
  void stop_awaiting(const std::string& channel);

  /// @returns channels that were awaited and have a task now; they are not
  ///          awaited any more.
  std::vector<std::string> take_news();

private:
  using line_node = std::pair<const std::string, task_line>;
  using workgroup_node = std::pair<const std::string, task_workgroup>;

  waiting_task& at(key_type key);
  bool may_run(const waiting_task& x) const;

  /// Takes it out of its place; before a change that moves it.
  void withdraw(waiting_task& x);

  /// Finds its place; after the change.
  void settle(waiting_task& x);

  void take_lease(waiting_task& x, const task_lease& lease);
  void end_lease(waiting_task& x);

  /// The worker is gone, or as good as gone. Puts the task in its place again.
  void lose_lease(waiting_task& x, change_tasks& out);
  void count_failure(waiting_task& x, double delay_secs, json_text error,
                     change_tasks& out);
  void set_run_after(waiting_task& x, timestamp until, change_tasks& out);

  // -- limits and lanes, task_lanes.cpp ---------------------------------------

  task_lane*
  lane_of(line_node* line, grouped_tasks* group, workgroup_node* workgroup);
  void leave_lane(waiting_task& x);
  void leave_workgroup(waiting_task& x);

  /// Forgets a channel that has no tasks, unless something else is known of it.
  void leave_line(line_node& x);

  /// Puts the first task of a lane among the heads of its line, if nothing
  /// holds it up, or takes it away.
  void show(task_lane& x);
  void show_lanes_of(const grouped_tasks& x);
  static void count_delayed(task_lane& x);

  /// Looks whether the gate is open now, and lets those know who care.
  void look_at(line_node& x);
  void look_at(workgroup_node& x);
  template <class Node>
  bool look(Node& x);

  void tell_awaiting(line_node& x);

  /// @param full_at of the bucket; nothing: as it is.
  double set_limits(const set_task_limits& x, std::optional<double> full_at);
  /// @param all not only those whose time has come.
  void open_gates(bool all);
  void take_slot(waiting_task& x);
  void give_slot(waiting_task& x);
  void spend(waiting_task& x, change_tasks& out);
  limit_standing standing_of(const std::string& name, const task_limited& x,
                             std::uint64_t waiting) const;
  std::string wait_for_limits(const waiting_task& x, task_standing& how) const;

  /// @returns all that are done as one with it, itself first.
  std::vector<key_type> twins_of(const waiting_task& x) const;

  void mark_complete(key_type key, const json_text& output, change_tasks& out,
                     std::vector<key_type>& freed);
  void free(waiting_task& x, change_tasks& out);
  void delay_workgroup(waiting_task& x, double secs, effects& result,
                       change_tasks& out);
  void delay_children(key_type parent, double secs, change_tasks& out);

  std::uint32_t store_ = 0;
  key_type last_task_ = 0;
  key_type last_group_ = 0;
  timestamp now_;
  std::unordered_map<key_type, waiting_task> tasks_;
  std::unordered_map<key_type, grouped_tasks> groups_;
  std::map<std::string, task_line> lines_;
  std::map<std::string, task_workgroup> workgroups_;
  std::map<std::tuple<line_node*, grouped_tasks*, workgroup_node*>, task_lane>
    lanes_;
  /// Gates that a token will open: of lines and of workgroups.
  std::set<std::pair<timestamp, line_node*>> opening_lines_;
  std::set<std::pair<timestamp, workgroup_node*>> opening_workgroups_;
  std::map<std::pair<const void*, std::string>, task_twins> twins_;
  /// Children that wait, of tasks that are not complete.
  std::unordered_map<key_type, std::set<key_type>> children_;
  std::unordered_map<key_type, task_lease> leases_;
  std::set<std::pair<timestamp, key_type>> lease_ends_;
  std::set<std::pair<timestamp, key_type>> delayed_;
  std::vector<std::string> news_;
  std::vector<std::string> new_channels_;
  /// How many tasks are on each channel, complete ones too.
  std::map<std::string, std::uint64_t> totals_;
};

} // namespace orc
