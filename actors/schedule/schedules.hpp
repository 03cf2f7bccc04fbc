#pragma once

#include "actors/schedule/timetable.hpp"
#include "messages/json/schedule_target.hpp"
#include "messages/orchestrator.hpp"
#include "messages/schedule/schedules.hpp"
#include "messages/task/tasks.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace orc {

struct schedules_config {
  /// The clock on the wall.
  std::function<timestamp()> clock = now;
};

struct schedules_parts {
  task_store_actor store;
  tasks_actor tasks;
  /// Nobody: schedules of runs wait for a process that has one.
  orchestrator_actor orchestrator;
};

/// What it says to itself: time has come for a schedule, or for all.
struct schedules_tick {
  /// "": all.
  std::string name;
  /// Of all that are planned for it only the last one counts.
  std::uint64_t number = 0;

  static constexpr auto fields
    = describe("schedules_tick", "Time has come.",
               field("name", &schedules_tick::name, "For this schedule."),
               field("number", &schedules_tick::number, "The last counts."));
};

using schedules_self = schedules_actor::extend<caf::reacts_to<schedules_tick>>;

/// Makes tasks and runs when their time has come, each once.
///
/// A time that has come is first noted in the store; then what is due is made
/// under a token or a name that says which schedule and which time it is of;
/// then it is noted as done. Whoever dies in between finds in the store what to
/// do, and by the token or the name that it was done.
class schedules_state {
public:
  static inline const char* name = "schedules";

  explicit schedules_state(schedules_self::pointer self);

  schedules_self::behavior_type
  make_behavior(schedules_config config, schedules_parts parts);

private:
  using views_answer = std::function<void(caf::expected<schedule_views>)>;

  /// A schedule at work.
  struct desk {
    schedule_record is;
    timetable times;
    /// Something is asked about it; then it goes on.
    bool is_busy = false;
    /// Taken over from a process that may have made what comes next.
    bool is_resumed = false;
    /// It is removed, or is being removed: nothing of it is stored any more.
    bool is_gone = false;
    /// It is looked again soon whether a time that waits may come.
    bool is_waiting = false;
    /// The first time after `looked_until`, where that was this.
    std::optional<timestamp> next;
    std::optional<timestamp> next_is_after;
    /// Who waits for what comes of a time that he has asked for.
    std::map<timestamp, views_answer> askers;
    /// Of the last tick that was planned for it alone.
    std::uint64_t last_tick = 0;
    /// How often it was sent to the store.
    std::uint64_t saves = 0;
  };

  /// What somebody changes of a schedule, as it was before.
  struct past {
    schedule_definition is;
    std::string owner;
    timetable times;
    timestamp looked_until;
    /// What the change made of that.
    timestamp looks_from = {};
  };

  using desk_ptr = std::shared_ptr<desk>;

  // -- which there are, schedules.cpp -----------------------------------------

  void load();
  caf::result<schedule_views> set(const set_schedule& x);
  void set_now(const set_schedule& x, views_answer f);
  caf::result<schedule_views> keep(const keep_schedules& x);
  caf::result<schedule_views> change(const change_schedule& x);
  caf::result<schedule_views> get(const get_schedules& x);
  caf::result<schedule_times> preview(const preview_schedule& x);
  void set_paused(const desk_ptr& x, bool paused, views_answer f);

  /// Stores what somebody changed, and answers with it.
  void
  save_change(const desk_ptr& x, past was, std::string token, views_answer f);

  /// What the store refused is not in force; what has come of the schedule
  /// meanwhile stays.
  void put_back(const desk_ptr& x, past was, bool was_saved);

  /// Stores a schedule for the first time.
  void save_new(const desk_ptr& x, std::string token, views_answer f);
  void give_up(const desk_ptr& x);
  void remove(const desk_ptr& x, std::function<void(caf::error)> f);

  /// It is not there any more; whoever waits for what comes of it is told so.
  void forget(const desk_ptr& x);
  schedule_view view_of(const desk& x) const;
  schedule_views views_of(const std::string& owner) const;

  /// Stores it as it is, then calls `f`; with `ec::not_found` if it is gone.
  /// @param number is found under the token from then on.
  void save(const desk_ptr& x, std::function<void(caf::error)> f,
            std::string token = {}, std::uint64_t number = 0);

  void take(const schedules_tick& x);
  void tick(const std::string& which);
  void plan_tick();
  void plan_tick_of(const desk_ptr& x, std::chrono::milliseconds nap);

  /// @returns whether there is who makes what it makes.
  bool can_make(const desk& x) const;

  /// @returns the first time that was not looked at, nothing while paused.
  std::optional<timestamp> next_of(desk& x) const;

  /// @returns why a schedule may not be changed by somebody.
  static caf::error
  check_owner(const schedule_record& is, const std::string& who);

  // -- once for each token, schedule_once.cpp ---------------------------------

  using found_answer = std::function<void(const found_token&, views_answer)>;

  /// Looks what was done under a token; one at a time for each.
  void once(const std::string& token, views_answer f, found_answer go);
  void set_once(const set_schedule& x, views_answer f);
  void run_once(const change_schedule& x, views_answer f);
  void run_now(const desk_ptr& x, std::string token, views_answer f);

  /// @returns whether somebody asked for that time: it waits for nothing.
  static bool is_by_hand(const desk& x, timestamp due);

  // -- what is due, schedule_fires.cpp ----------------------------------------

  /// Notes the times that have come by now.
  void look(const desk_ptr& x);

  /// Does what comes next, unless something is being done.
  void go_on(const desk_ptr& x);
  void begin(const desk_ptr& x, timestamp due);

  /// Finds out whether what was made is not done yet.
  void ask_whether_open(const schedule_fire& x, std::function<void(bool)> f);
  void judge(const desk_ptr& x, timestamp due, bool is_open);
  void abort_last(const desk_ptr& x, std::function<void()> f);

  /// Finds out whether it was made before this process began.
  void adopt_or_begin(const desk_ptr& x, timestamp due);
  void make(const desk_ptr& x, timestamp due);
  void
  make_tasks(const desk_ptr& x, timestamp due, create_tasks request, bool one);
  void make_run(const desk_ptr& x, timestamp due, run_request request);
  void fail(const desk_ptr& x, timestamp due, const caf::error& why);
  void settle(const desk_ptr& x, schedule_fire fire);
  void enqueue(const desk_ptr& x, timestamp due);
  void try_queued(const desk_ptr& x);
  void retry_soon(const desk_ptr& x);

  schedules_self::pointer self_;
  schedules_config config_;
  schedules_parts parts_;
  std::map<std::string, desk_ptr> desks_;
  /// Who asks for what is being done under a token, by the token.
  std::map<std::string, std::vector<views_answer>> doing_;
  /// When the next tick for all comes, and its number.
  std::optional<timestamp> tick_at_;
  std::uint64_t last_tick_ = 0;
};

/// Starts SCHEDULES.
schedules_self::behavior_type
schedules(schedules_self::stateful_pointer<schedules_state> self,
          schedules_config config, schedules_parts parts);

} // namespace orc
