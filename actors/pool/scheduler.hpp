#pragma once

#include "messages/pool/pool_settings.hpp"
#include "messages/task/task_store.hpp"
#include "messages/task/tasks.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <string>
#include <vector>

namespace orc {

/// @returns the last time, not after `now`, at which a schedule is due: times
///          that its interval divides, counted from 1970 in UTC.
constexpr timestamp last_due(std::chrono::milliseconds every, timestamp now) {
  return {now.millis - now.millis % every.count()};
}

struct scheduler_parts {
  tasks_actor tasks;
  task_store_actor store;
};

/// What it says to itself: a schedule is due.
struct schedule_due {
  std::uint64_t index = 0;
  timestamp due;
  bool is_missed = false;

  static constexpr auto fields
    = describe("schedule_due", "A schedule is due.",
               field("index", &schedule_due::index, "Which."),
               field("due", &schedule_due::due, "Since then."),
               field("isMissed", &schedule_due::is_missed,
                     "It was due before we were there."));
};

using scheduler_actor = caf::typed_actor<caf::reacts_to<schedule_due>>;

/// Makes a task whenever a schedule is due, once for each due time also over
/// restarts: in a group of its own that is named after schedule and time, and
/// that it looks for first. What was due while nobody ran is made up for, the
/// last one only, and only if the one before was made.
class scheduler_state {
public:
  static inline const char* name = "scheduler";

  explicit scheduler_state(scheduler_actor::pointer self);

  scheduler_actor::behavior_type
  make_behavior(std::vector<pool_schedule> schedules, scheduler_parts parts);

private:
  /// What is being looked into.
  struct search {
    std::size_t index = 0;
    timestamp due;
    /// It was due before we were there.
    bool is_missed = false;
    std::uint64_t skip = 0;
    bool had_previous = false;
  };

  void look(search x);
  void judge(search x, const std::vector<task_group>& groups);
  void make_group(const search& x);
  void fill(const search& x, const std::string& group);
  void make_task(const search& x, const std::string& group);
  void failed(const search& x, const caf::error& err);
  void plan(std::size_t index, timestamp due);
  std::string name_of(std::size_t index, timestamp due) const;

  scheduler_actor::pointer self_;
  std::vector<pool_schedule> schedules_;
  scheduler_parts parts_;
};

scheduler_actor::behavior_type
scheduler(scheduler_actor::stateful_pointer<scheduler_state> self,
          std::vector<pool_schedule> schedules, scheduler_parts parts);

} // namespace orc
