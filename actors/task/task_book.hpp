#pragma once

#include "actors/task/task_line.hpp"
#include "messages/pool/work_queue.hpp"
#include "messages/task/tasks.hpp"

#include <caf/error.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
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
  void clear(const task_book_summary& x);

  /// Takes a group in, or how it is now: whether it is paused.
  void put_group(const live_group& x);
  void drop_group(key_type key);
  const live_group* find_group(key_type key) const;

  /// Takes a task in, in place of what was known of it.
  void put(const live_task& x);
  void drop(key_type key);
  bool has(key_type key) const;

  /// @returns the id of a task that is known.
  std::string id_of(key_type key) const;

  std::string id_of_group(const live_group& x) const;

  key_type next_group_key();

  /// Adds how many tasks of each channel are not complete, and assigned.
  void count(task_channels& x) const;

  /// @returns the names of all channels that had tasks.
  std::vector<std::string> channels() const;

  /// @returns those that had their first one since the last time.
  std::vector<std::string> take_new_channels();

  // -- what pools ask ---------------------------------------------------------

  channel_load load_of(const std::string& channel) const;

  /// Sets whether tasks of a channel with one key are done one after the other.
  void set_serial(const std::string& channel, bool serial);

  /// Takes all that a worker has, or one of its hands: they failed if there is
  /// an error, else the attempts do not count.
  /// @returns the tasks.
  std::vector<key_type> lose(const lose_worker& x, change_tasks& out);

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

  // -- who waits --------------------------------------------------------------

  /// Notes that somebody waits for tasks of a channel.
  void await(const std::string& channel);

  /// @returns channels that were awaited and have a task now; they are not
  ///          awaited any more.
  std::vector<std::string> take_news();

private:
  struct group_entry {
    live_group group;
    std::set<key_type> members;
  };

  using line_map = std::map<std::string, task_line>;

  waiting_task& at(key_type key);
  bool may_run(const waiting_task& x) const;

  /// Takes it out of its place; before a change that moves it.
  void withdraw(waiting_task& x);

  /// Finds its place; after the change.
  void settle(waiting_task& x);

  void take_lease(waiting_task& x, const task_lease& lease);
  void end_lease(waiting_task& x);
  void set_run_after(waiting_task& x, timestamp until, change_tasks& out);

  /// @returns all that are done as one with it, itself first.
  std::vector<key_type> twins_of(const waiting_task& x) const;

  void mark_complete(key_type key, const json_text& output, change_tasks& out,
                     std::vector<key_type>& freed);
  void free(waiting_task& x, change_tasks& out);
  void delay_workgroup(waiting_task& x, double secs, effects& result,
                       change_tasks& out);
  std::vector<key_type>
  add_children(key_type parent, const release_task& x, change_tasks& out);
  void delay_children(key_type parent, double secs, change_tasks& out);

  std::uint32_t store_ = 0;
  key_type last_task_ = 0;
  key_type last_group_ = 0;
  timestamp now_;
  std::unordered_map<key_type, waiting_task> tasks_;
  std::unordered_map<key_type, group_entry> groups_;
  line_map lines_;
  std::map<std::string, std::set<key_type>> workgroups_;
  std::map<std::pair<const void*, std::string>, task_twins> twins_;
  /// Children that wait, of tasks that are not complete.
  std::unordered_map<key_type, std::set<key_type>> children_;
  std::unordered_map<key_type, task_lease> leases_;
  std::set<std::pair<timestamp, key_type>> lease_ends_;
  std::set<std::pair<timestamp, key_type>> delayed_;
  std::vector<std::string> news_;
  std::vector<std::string> new_channels_;
};

/// Checks that children of a release are a graph: every name is given once,
/// every parent is there, and none waits for itself.
/// @returns `ec::bad_field`, naming the child.
caf::error check_children(const std::vector<task_child>& xs);

} // namespace orc
