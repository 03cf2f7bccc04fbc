#pragma once

#include "actors/history/samples.hpp"
#include "messages/event.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <set>

namespace orc {

/// The HISTORY's note to itself: keep what has waited long enough.
struct keep_samples {
  static constexpr auto fields
    = describe("keep_samples", "Keeps what has waited long enough.");
};

/// The HISTORY interface with what it is told of events, and tells itself.
using history_self = history_actor::extend<caf::reacts_to<run_event>,
                                           caf::reacts_to<keep_samples>>;

/// Learns from EVENTS what each attempt took and cost. A sample waits for its
/// final cost for a while, then it is kept as it is; a crash in between loses
/// the sample, which hurts nobody.
class history_state {
public:
  static inline const char* name = "history";

  explicit history_state(history_self::pointer self);

  history_self::behavior_type
  make_behavior(sample_store_actor store, events_actor events,
                std::chrono::milliseconds patience);

private:
  void on_event(const run_event& x);
  void learn(const run& of, const attempt& x, bool is_final_cost);
  void keep(std::string run_id, target_sample x);
  void keep_due();
  void save();

  history_self::pointer self_;
  sample_store_actor store_;
  std::chrono::milliseconds patience_{0};
  samples samples_;
  /// By the platform's id of the run.
  std::map<std::string, target_sample> waiting_;
  std::deque<std::pair<timestamp, std::string>> due_;
  save_samples unsaved_;
};

/// Starts the HISTORY.
/// @param patience how long the final cost of an attempt is waited for.
history_self::behavior_type
history(history_self::stateful_pointer<history_state> self,
        sample_store_actor store, events_actor events,
        std::chrono::milliseconds patience);

} // namespace orc
