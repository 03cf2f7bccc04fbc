#pragma once

#include "actors/run_list/run_pages.hpp"
#include "actors/tracker/tracked_runs.hpp"
#include "messages/apify_api.hpp"
#include "messages/tracker.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <unordered_map>

namespace orc {

/// Tells the TRACKER to sweep now.
struct sweep_now {
  static constexpr auto fields = describe("sweep_now", "Sweeps the list.");
};

/// Tells the TRACKER to ask about one run again.
struct ask_about_run {
  std::string id;

  static constexpr auto fields
    = describe("ask_about_run", "Asks about a run after a pause.",
               field("id", &ask_about_run::id, "The platform's id."));
};

/// The TRACKER interface with what a TRACKER tells itself.
using tracker_self = tracker_actor::extend<caf::reacts_to<sweep_now>,
                                           caf::reacts_to<ask_about_run>>;

/// Knows when the platform runs of one account end.
///
///     few runs    each has a long poll: GET …?waitForFinish=60
///     many runs   one sweep of the list of live runs serves all; who left the
///                 list is asked about once, since absence proves nothing
class tracker_state {
public:
  static inline const char* name = "tracker";

  explicit tracker_state(tracker_self::pointer self);

  tracker_self::behavior_type
  make_behavior(apify_api_actor api, tracking_policy policy);

private:
  void watch(const watch_remote_run& x);
  void unwatch(const std::string& id);

  /// Polls, or sweeps, as the number of runs asks for.
  void follow();
  bool polls() const;
  void poll(const std::string& id, std::uint32_t wait_secs);
  /// @param early the answer came at once, as if the platform did not wait.
  void on_polled(const remote_run& x, bool early);
  void on_poll_failed(const std::string& id, const caf::error& err);
  /// Logs what went wrong, unless it is what went wrong before.
  void complain(const char* event, const caf::error& err);
  void ask_later(const std::string& id, std::chrono::milliseconds pause);
  /// The run lives: its watcher may not know how.
  void inform(tracked_runs::entry& run, const remote_run& x);
  void tell_end(const remote_run& x);
  void give_up(const std::string& id);

  void plan_sweep();
  void sweep();
  void sweep_page();
  void on_page(const remote_runs& page);
  void end_sweep();
  void confirm_some();

  tracker_self::pointer self_;
  apify_api_actor api_;
  tracking_policy policy_;
  tracked_runs runs_;
  std::unordered_map<std::string, run_actor> watchers_;
  /// Runs that left the list and wait to be asked about.
  std::deque<std::string> unconfirmed_;
  std::size_t confirming_ = 0;
  /// Of the last sweep, or the one under way.
  run_pages pages_;
  bool sweep_planned_ = false;
  /// Sweeps in a row that failed.
  std::uint32_t failed_sweeps_ = 0;
  /// Why the last call failed, as long as none has worked since.
  ec trouble_ = ec::none;
};

/// Starts a TRACKER of the account behind `api`.
tracker_self::behavior_type
tracker(tracker_self::stateful_pointer<tracker_state> self, apify_api_actor api,
        tracking_policy policy);

} // namespace orc
