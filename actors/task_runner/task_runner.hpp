#pragma once

#include "messages/orchestrator.hpp"
#include "messages/task/task_store/resets.hpp"
#include "messages/task/tasks.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <map>
#include <string>

namespace orc {

struct task_runner_parts {
  tasks_actor tasks;
  orchestrator_actor orchestrator;
  /// Of the TASK STORE. One that a host brings along need not count resets.
  task_resets_actor resets;
};

/// Tells the TASK RUNNER to show that it still works on its tasks.
struct beat_now {
  static constexpr auto fields = describe("beat_now", "Extends leases.");
};

/// Tells the TASK RUNNER to ask for tasks of a channel again.
struct ask_again {
  std::string channel;

  static constexpr auto fields
    = describe("ask_again", "Asks for tasks again.",
               field("channel", &ask_again::channel, "Of this channel."));
};

using task_runner_actor
  = channel_sink::extend<caf::reacts_to<beat_now>, caf::reacts_to<ask_again>>;

/// Does the tasks of all channels `apify:<actor>`, each by a run. How many live
/// at a time is the business of their ACCOUNT. After a restart the leases of
/// the tasks end, they are taken again, and join the runs that do them. So when
/// the ORCHESTRATOR stops, tasks are forgotten, not failed: their runs go on.
class task_runner_state {
public:
  static inline const char* name = "task-runner";

  explicit task_runner_state(task_runner_actor::pointer self);

  task_runner_actor::behavior_type
  make_behavior(task_runner_parts parts, std::chrono::milliseconds lease);

private:
  void ask(const std::string& channel);
  void take(const stored_tasks& given);
  void start(const stored_tasks& given, std::uint64_t resets);
  void follow(const std::string& task, const run_ref& ref);
  void settle(const std::string& task, const run& x);

  /// @returns whether a run is the one that does a task now: not if the task
  ///          was reset meanwhile.
  bool does(const std::string& run_name, const std::string& task) const;
  void fail(const std::string& task, const caf::error& why);

  /// @returns the channel of the task, "" if it was forgotten before.
  std::string forget(const std::string& task);
  void stop_asking();
  void release(release_task how);
  void beat();

  task_runner_actor::pointer self_;
  task_runner_parts parts_;
  std::chrono::milliseconds lease_{0};
  /// A task that a run does.
  struct task_state {
    std::string channel;
    /// Of the run; "" until it is submitted.
    std::string run;
  };
  /// By the ids of tasks.
  std::map<std::string, task_state> under_way_;
  /// How many each channel has of them, and whether it is being asked.
  struct channel_state {
    std::size_t under_way = 0;
    bool is_asked = false;
  };
  std::map<std::string, channel_state> channels_;
  /// The ORCHESTRATOR has stopped: nobody does runs.
  bool is_over_ = false;
};

/// Starts a TASK RUNNER.
task_runner_actor::behavior_type
task_runner(task_runner_actor::stateful_pointer<task_runner_state> self,
            task_runner_parts parts, std::chrono::milliseconds lease);

} // namespace orc
