#pragma once

#include "actors/walk/limiter.hpp"
#include "actors/walk/pace.hpp"
#include "actors/walk/page_window.hpp"
#include "actors/walk/walk_tracker.hpp"
#include "messages/walk/page_source.hpp"
#include "messages/walk/walks.hpp"

#include <caf/actor_clock.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace orc {

/// Whom a WALK works with. It ends all but the store.
struct walk_parts {
  walk_store_actor store;
  /// Nobody if the processor fetches its pages itself.
  walk_source_actor source;
  page_processor_actor processor;
  /// Nobody if there is none such.
  page_processor_actor tracker;
  page_processor_actor reducer;

  template <class Inspector>
  friend auto inspect(Inspector& f, walk_parts& x) {
    return f(caf::meta::type_name("walk_parts"), x.store, x.source, x.processor,
             x.tracker, x.reducer);
  }
};

/// Goes on with another specification, which reads the same data.
struct renew_walk {
  secret spec;
  /// Opened for it, but the source.
  walk_parts parts;
  /// What has failed is tried again, too.
  bool redrive = false;

  template <class Inspector>
  friend auto inspect(Inspector& f, renew_walk& x) {
    return f(caf::meta::type_name("renew_walk"), x.spec, x.parts, x.redrive);
  }
};

/// What it says to itself: time has come for something.
struct walk_tick {
  static constexpr auto fields = describe("walk_tick", "Time has come.");
};

/// Stores what has changed meanwhile.
struct walk_save_now {
  static constexpr auto fields = describe("walk_save_now", "Saves.");
};

/// Tries the last step again.
struct walk_reduce {
  std::uint32_t attempt = 1;

  static constexpr auto fields
    = describe("walk_reduce", "Tries the last step again.",
               field("attempt", &walk_reduce::attempt, "Which one."));
};

using walk_self
  = walk_actor::extend<caf::replies_to<renew_walk>::with<walk_view>,
                       caf::reacts_to<next_page>, caf::reacts_to<page_turn>,
                       caf::reacts_to<walk_tick>, caf::reacts_to<walk_save_now>,
                       caf::reacts_to<walk_reduce>>;

/// Walks a data set to its end, page by page. What is to be done next is
/// decided by the window of its live pages. Each step is made durable, but only
/// an at-most-once page waits for that before it begins: any other is done
/// again if the end of the process makes us forget that it was done.
///
/// Ends when the batch has ended; dies, to be started again from what is
/// stored, when the store, the source or the processor does.
class walk_state_machine {
public:
  static inline const char* name = "walk";

  explicit walk_state_machine(walk_self::pointer self);

  walk_self::behavior_type
  make_behavior(walk_spec spec, walk_record record, walk_parts parts);

private:
  using view_promise = caf::typed_response_promise<walk_view>;

  // -- recovery ---------------------------------------------------------------

  void load();

  // -- pages ------------------------------------------------------------------

  /// Does all that can be done now.
  void pump();
  void begin(live_page& page);
  void read(live_page& page);
  void
  take_read(std::uint64_t number, std::uint32_t attempt, const walk_page& read);
  void
  fail_read(std::uint64_t number, std::uint32_t attempt, const caf::error& why);
  void go(live_page& page);
  void work(live_page& page);
  void
  end_attempt(std::uint64_t number, std::uint32_t attempt,
              const page_result& how,
              std::chrono::milliseconds wait = std::chrono::milliseconds{0});
  void learn(const next_page& x);
  void learn(const page_turn& x);
  void ask_for_stuck();
  void start_stuck(const found_pages& found);

  // -- durability -------------------------------------------------------------

  /// Stores what has changed, soon or at once.
  void save(bool at_once);
  void save_now();
  void revive();
  void saved_one();
  void take_back(live_page& page);

  // -- the end ----------------------------------------------------------------

  void tick();
  /// @returns when its tracker is called, if it has one.
  walk_tracker make_tracker() const;
  void tell_tracker();
  std::chrono::milliseconds tracker_timeout() const;
  /// @returns whether there is something left that can be cut off.
  bool can_be_cut() const;
  /// Ends it before its time.
  void cut_off(walk_state how, std::string why);
  void settle();
  void reduce(std::uint32_t attempt);
  void take_reduced(std::uint64_t call, std::uint32_t attempt,
                    const page_result& how);
  void stop_last_step();
  /// Whatever came of it.
  void leave_last_step();
  void tell_end();
  void finish();
  /// Does not end after all: what has failed is done again.
  void go_on();

  // -- what users ask ---------------------------------------------------------

  caf::result<walk_view> wait(const wait_walk& x);
  caf::result<walk_view> change(const change_walk& x);
  /// @returns why it cannot be cancelled any more.
  caf::error cancel();
  /// @param failed not only what is stuck.
  void redrive(view_promise promise, bool failed);
  bool has_failures() const;
  caf::result<walk_view> restart(const start_walk& x);
  caf::result<walk_view> renew(const renew_walk& x);
  void exchange(const walk_parts& parts);
  caf::result<saved> drain(const drain_walks& x);
  void settle_drain();
  void apply(view_promise promise);
  /// @returns all that there are, those from before among them.
  std::vector<page_processor_actor> processors() const;
  walk_view view() const;
  /// @returns whether no page may begin any more, such as one that the source
  ///          is asked for.
  bool starts_nothing() const;
  std::uint64_t limit() const;
  void plan_tick(std::optional<timestamp> at);
  /// @returns the time by the clock of the system, which tests move.
  timestamp time() const;
  void die(caf::error why);
  /// Answers all whom it owes an answer with an error.
  void give_up(const caf::error& why);

  /// What the next save lets be done again.
  enum class revival : std::uint8_t { nothing, stuck, failed };

  enum class last_step : std::uint8_t { ahead, running, resting, over };

  struct awaiting {
    view_promise promise;
    timestamp until;
  };

  walk_self::pointer self_;
  walk_spec spec_;
  walk_parts parts_;
  /// Of specifications before this one: what they began goes on.
  std::vector<page_processor_actor> former_;
  page_window window_;
  limiter limiter_;
  pace pace_;
  walk_tracker tracker_;
  std::vector<awaiting> waiters_;
  /// Those who have changed something, until it is durable.
  std::vector<view_promise> appliers_;
  std::vector<view_promise> applied_;
  /// Those who want to have done again what failed in a batch that is ending.
  std::vector<view_promise> redrivers_;
  /// Those who want to know when nothing goes on any more.
  std::vector<caf::typed_response_promise<saved>> drainers_;
  /// At-most-once pages that wait for what is being saved, and those that wait
  /// for the next save.
  std::vector<std::pair<std::uint64_t, std::uint32_t>> announced_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> announcing_;
  /// What the clocks of the system and of this machine said at the start.
  caf::actor_clock::time_point clock_start_;
  timestamp start_;
  std::optional<timestamp> tick_at_;
  std::optional<timestamp> stuck_due_;
  timestamp started_;
  bool loaded_ = false;
  bool saving_ = false;
  revival revival_ = revival::nothing;
  /// What is being saved is such a one.
  bool is_reviving_ = false;
  bool save_planned_ = false;
  bool asking_stuck_ = false;
  /// The last steps have begun: reduce, the tracker's last call, the last save.
  bool settling_ = false;
  bool finishing_ = false;
  last_step last_step_ = last_step::ahead;
  /// How often its processor has been asked.
  std::uint64_t reduce_calls_ = 0;
  bool is_over_ = false;
  /// Nothing starts any more, until the process ends.
  bool draining_ = false;
  /// Nothing starts any more; how it ends.
  std::optional<walk_state> cut_;
  std::optional<timestamp> cut_until_;
};

/// Starts a WALK.
walk_self::behavior_type
walk(walk_self::stateful_pointer<walk_state_machine> self, walk_spec spec,
     walk_record record, walk_parts parts);

/// A batch that is over, or is ending, goes on.
void begin_again(walk_record& x, timestamp now);

/// @returns how a batch stands that nobody works on.
walk_view view_of(const walk_record& x);

} // namespace orc
