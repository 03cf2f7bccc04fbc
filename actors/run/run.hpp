#pragma once

#include "actors/run/run_lifecycle.hpp"
#include "messages/budget.hpp"
#include "messages/event.hpp"
#include "messages/item_counter.hpp"
#include "messages/orchestrator.hpp"
#include "messages/settler.hpp"
#include "messages/tracker.hpp"
#include "messages/watchdog.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <vector>

namespace orc {

/// Whom a RUN talks to.
struct run_parts {
  run_store_actor store;
  apify_api_actor api;
  tracker_actor tracker;
  reconciler_actor reconciler;
  item_counter_actor counter;
  /// None if what the platform tells at the end of a run is good enough.
  settler_actor settler;
  account_actor account;
  events_actor events;
  orchestrator_actor orchestrator;
  /// Nobody where money is not counted.
  budgets_actor budgets;
  /// Nobody where runs are not guarded.
  watchdog_actor watchdog;
};

struct run_config {
  /// See `store_health`: makes markers unique.
  std::string instance;
  retry_policy retries;
  bool count_items = true;
  /// How long a resurrection may take to show.
  std::chrono::milliseconds reconcile_window{30'000};
};

/// What a RUN tells itself later.
enum class delayed_step : std::uint8_t { load, persist, abort, resurrect };

struct continue_run {
  delayed_step step = delayed_step::persist;

  static constexpr auto fields
    = describe("continue_run", "Goes on after a pause.",
               field("step", &continue_run::step, "With what."));
};

/// The RUN interface with what a RUN tells itself.
using run_self = run_actor::extend<caf::reacts_to<continue_run>>;

/// Carries one run through one stay on the platform: loads it, starts it (or
/// finds, resurrects, cancels it), waits for its end, makes every step durable
/// before the next, and ends when the run is final or back in the queue.
///
/// What to do next is decided by `run_lifecycle` from what is durable, so that
/// a RUN that takes over after a crash does what the one before would have
/// done.
class run_actor_state {
public:
  static inline const char* name = "run";

  explicit run_actor_state(run_self::pointer self);

  run_self::behavior_type
  make_behavior(run_key key, run_config config, run_parts parts);

private:
  /// A resurrection that may have been done.
  struct unseen_resurrection {
    /// Not seen by then, it was not.
    caf::actor_clock::time_point until;
    /// The platform said that it cannot be done.
    bool refused;
  };

  using continuation = void (run_actor_state::*)();

  // -- steps, in the order of a run's life ------------------------------------

  void load();
  void proceed();
  void start();
  void prepare_start();
  void send_start();
  void reconcile();
  void take_up_start();
  void resurrect();
  void ask_resurrect();
  void send_resurrect();
  void watch();
  void hand_in();
  void announce();

  // -- what happens to it -----------------------------------------------------

  void on_started(const remote_run& remote);
  void on_not_begun(const caf::error& err);
  void on_start_failed(const caf::error& err);
  void on_resurrect_failed(const caf::error& err);
  void on_still_ended();
  void on_look_failed(const caf::error& err);
  void look_again();
  void start_instead();
  void on_seen(const remote_run& remote);
  void on_gone(const std::string& id);
  void on_found(const std::optional<remote_run>& remote);
  void on_stuck(const remote_run_stuck& x);
  void on_hopeless(const refuse_run& x);
  void on_refused(const run_error& why);
  void on_continue(delayed_step step);
  caf::result<run> on_abort(const abort_run& request);

  // -- tools ------------------------------------------------------------------

  /// Makes the record durable, then goes on. Repeats as long as the store
  /// fails, since nothing may happen that is not durable.
  void persist(continuation then);
  void on_save_failed(const caf::error& err, continuation then);
  void persist_again();

  /// Makes the run final without having been started.
  void cancel();

  /// Puts the run, withdrawn from its start, back into the ACCOUNT's queue.
  void give_back(ec why);
  void give_back_now();

  // -- money and progress, in run_budget.cpp ----------------------------------

  void reserve(continuation then);
  bool on_reserved(const charge_key& key, const budget_answer& x);
  void wait_for_budget(const budget_answer& x);
  void return_budget();
  void take_over_budget();
  run_options options() const;
  run_error explain_refusal(const caf::error& err) const;
  void abort_stuck();
  void guard();
  void unguard();

  void abort_remote();
  void publish(event_kind kind);
  void tell(const std::vector<publish_event>& facts);
  void answer_aborts();
  void do_nothing();
  std::string make_marker(timestamp at) const;
  const run& view() const;

  run_self::pointer self_;
  run_key key_;
  run_config config_;
  run_parts parts_;
  /// Empty until it is loaded.
  std::optional<run_lifecycle> life_;
  json_text input_;
  /// The intent of the start that `life_` takes for answered, should the answer
  /// turn out to belong to another run.
  std::optional<start_intent> answered_;
  std::optional<run_error> refusal_;
  std::optional<unseen_resurrection> unseen_;
  bool abort_gracefully_ = false;
  /// What the BUDGETS keep money for.
  std::optional<charge_key> charge_;
  budget_answer budget_;
  /// What is told of the next step, once it is durable.
  std::vector<publish_event> facts_;
  ec returned_for_ = ec::none;
  std::vector<continuation> unsaved_;
  std::vector<caf::typed_response_promise<run>> aborts_;
};

/// Starts a RUN for the run `key`, which is durable.
run_self::behavior_type
run_life(run_self::stateful_pointer<run_actor_state> self, run_key key,
         run_config config, run_parts parts);

} // namespace orc
