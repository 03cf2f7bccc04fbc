#pragma once

#include "messages/json/raw_object.hpp"
#include "messages/task/tasks.hpp"
#include "messages/walk/page_processor.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <map>
#include <string>
#include <vector>

namespace orc {

/// The time of a task is over.
struct task_overdue {
  std::string id;
  /// Since which worker took it, or one before that.
  std::uint32_t turn = 0;

  static constexpr auto fields
    = describe("task_overdue", "The time of a task is over.",
               field("id", &task_overdue::id, "Which."),
               field("turn", &task_overdue::turn, "Of a worker."));
};

using task_processor_actor
  = page_processor_actor::extend<caf::reacts_to<task_event>,
                                 caf::reacts_to<task_overdue>>;

/// Does the pages of a batch by a task each, on a channel, all in one group.
/// The key of a task is that of its page: where a restart makes a second one,
/// workers do them as one. The time of a page runs while a worker has its task,
/// or another one of that key. A page that may be done at most once has failed
/// when the lease of its worker ends.
class task_processor_state {
public:
  static inline const char* name = "task-processor";

  explicit task_processor_state(task_processor_actor::pointer self)
    : self_{self} {
    // nop
  }

  task_processor_actor::behavior_type
  make_behavior(tasks_actor tasks, open_page_processor how);

private:
  struct work {
    std::string key;
    std::uint64_t page = 0;
    std::uint32_t attempt = 0;
    std::chrono::milliseconds timeout{0};
    next_page_sink next;
    caf::typed_response_promise<page_result> promise;
    /// The task of its key that a worker has, or none.
    std::string taken;
    /// How often workers took it, or lost it.
    std::uint32_t turn = 0;
  };

  caf::result<page_result> process(const process_page& x);
  void create(const process_page& x,
              caf::typed_response_promise<page_result> promise);
  void hear(const task_event& x);
  void hear_of_task(raw_object& told);
  void hear_of_key(raw_object& told);
  /// A worker has a task of its key, or none.
  void give_turn(const std::string& id, work& to, const std::string& taken);
  void settle(const std::string& id, page_result how);
  void remove(const std::string& id);

  task_processor_actor::pointer self_;
  tasks_actor tasks_;
  open_page_processor how_;
  std::string group_;
  bool is_making_group_ = false;
  /// Pages that wait for the group.
  std::vector<std::pair<process_page, caf::typed_response_promise<page_result>>>
    waiting_;
  /// By the ids of their tasks.
  std::map<std::string, work> works_;
};

/// Starts a TASK PROCESSOR.
task_processor_actor::behavior_type task_processor(
  task_processor_actor::stateful_pointer<task_processor_state> self,
  tasks_actor tasks, open_page_processor how);

} // namespace orc
