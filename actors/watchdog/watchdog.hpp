#pragma once

#include "actors/watchdog/progress.hpp"
#include "messages/item_counter.hpp"
#include "messages/watchdog.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace orc {

/// The WATCHDOG's note to itself: some runs are to be looked at.
struct look_around {
  static constexpr auto fields
    = describe("look_around", "Some runs are to be looked at.");
};

/// The WATCHDOG interface with what it tells itself.
using watchdog_self = watchdog_actor::extend<caf::reacts_to<look_around>>;

/// Looks after the runs that have a policy for being stuck. Costs a run at most
/// one GET each look, four looks in its patience or one every five minutes;
/// item counts come from lists that all runs share, and the log is read only of
/// a run that has been quiet for all its patience.
///
///     waiting ──time──▶ items ──same──▶ run ──same──▶ log ──old──▶ stuck
///        ▲                │ other        │ other or quiet  │ young
///        └────────────────┴──────────────┴─────────────────┘
class watchdog_state {
public:
  static inline const char* name = "watchdog";

  explicit watchdog_state(watchdog_self::pointer self);

  watchdog_self::behavior_type
  make_behavior(apify_api_actor api, item_counter_actor counter);

private:
  struct guarded {
    std::string dataset_id;
    run_actor watcher;
    progress signs;
    /// When it is looked at next; nothing while it is looked at.
    std::optional<timestamp> due;
  };

  void watch(const watch_progress& x);
  void unwatch(const std::string& id);
  void forget(const caf::actor_addr& watcher);
  void look();
  void look_at(const std::string& id);
  void look_at_run(const std::string& id);
  void look_at_log(const std::string& id);
  void judge_log(const std::string& id, timestamp line);
  void give_up(const std::string& id);
  /// The look at it is over.
  void done(const std::string& id);
  /// @returns null if it is watched no more, which ends the look at it.
  guarded* find(const std::string& id);
  void schedule(const std::string& id);
  void unschedule(const std::string& id);
  void set_timer();
  timestamp time() const;

  watchdog_self::pointer self_;
  apify_api_actor api_;
  item_counter_actor counter_;
  std::map<std::string, guarded> runs_;
  std::set<std::pair<timestamp, std::string>> due_;
  std::size_t looking_ = 0;
  std::optional<timestamp> timer_;
  timestamp wall_start_;
  caf::actor_clock::time_point clock_start_;
};

/// Starts a WATCHDOG for the runs of one account.
watchdog_self::behavior_type
watchdog(watchdog_self::stateful_pointer<watchdog_state> self,
         apify_api_actor api, item_counter_actor counter);

} // namespace orc
