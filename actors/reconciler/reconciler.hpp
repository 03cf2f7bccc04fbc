#pragma once

#include "actors/reconciler/lost_starts.hpp"
#include "actors/run_list/run_pages.hpp"
#include "messages/run_store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <set>

namespace orc {

/// Tells the RECONCILER to look now.
struct look_now {
  static constexpr auto fields = describe("look_now", "Lists runs.");
};

/// The RECONCILER interface with what it tells itself.
using reconciler_self = reconciler_actor::extend<caf::reacts_to<look_now>>;

/// Finds the platform runs of starts whose answers are lost.
///
/// One sweep over the list of runs serves all lost starts together, again every
/// second until each is found or its window is over:
///
///     list ─▶ drop what is bound to other runs ─▶ marker, else input ─▶ tell
///
/// More runs than one with the same marker are ours all the same: the oldest is
/// adopted, the others are aborted.
class reconciler_state {
public:
  static inline const char* name = "reconciler";

  explicit reconciler_state(reconciler_self::pointer self);

  reconciler_self::behavior_type
  make_behavior(apify_api_actor api, run_store_actor store,
                std::chrono::milliseconds window);

private:
  void add(const find_remote_run& x);
  void look();
  void list_page();
  void on_page(const remote_runs& page);
  void take(const remote_runs& page);
  void list_newest();
  void on_listed();
  void drop_bound(const bound_runs& bound);
  void settle_marked();
  void settle_unclear();
  void read_agent(remote_run run);
  void read_input(remote_run run);
  void on_input(const remote_run& run, const json_text& input);
  void end_look();
  void retry_look(const caf::error& err);
  void give_up(const caf::error& err, steady_time at);
  void found(const lost_start& start, const remote_run& run);
  void plan_look();

  reconciler_self::pointer self_;
  apify_api_actor api_;
  run_store_actor store_;
  std::chrono::milliseconds window_{0};
  lost_starts starts_;
  /// Of the look under way.
  run_pages pages_;
  /// What the look under way has listed, oldest first.
  std::deque<remote_run> candidates_;
  std::set<std::string> listed_;
  /// Runs whose input fits no lost start: not read again while one is lost.
  std::set<std::string> strangers_;
  /// What was found for whom of late.
  std::map<std::string, run_key> given_;
  /// When the look under way began: later deadlines are not judged by it.
  steady_time look_began_;
  /// The look under way has come to `list_newest`.
  bool at_newest_ = false;
  bool looking_ = false;
};

/// Starts a RECONCILER.
/// @param window how long a run may take to show up in the platform's lists.
reconciler_self::behavior_type
reconciler(reconciler_self::stateful_pointer<reconciler_state> self,
           apify_api_actor api, run_store_actor store,
           std::chrono::milliseconds window);

} // namespace orc
