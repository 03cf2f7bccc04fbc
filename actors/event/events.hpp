#pragma once

#include "messages/event.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <string>
#include <vector>

namespace orc {

/// Numbers the facts about runs and sends them to whoever wants to know. The
/// last thousand are remembered, so that a sink that was away for a moment can
/// go on where it was. Ids grow over restarts, too; they fit the numbers of
/// JavaScript.
class events_state {
public:
  static inline const char* name = "events";

  explicit events_state(events_actor::pointer self);

  events_actor::behavior_type make_behavior();

private:
  struct subscription {
    event_sink sink;
    /// Only this namespace, unless empty.
    std::string space;
  };

  void publish(const publish_event& x);
  void subscribe(const subscribe_events& x);
  void pass(const subscription& to, const run_event& x);
  void forget(const caf::actor_addr& sink);

  events_actor::pointer self_;
  std::uint64_t last_id_;
  std::deque<run_event> remembered_;
  std::vector<subscription> subscriptions_;
};

/// Starts EVENTS.
events_actor::behavior_type
events(events_actor::stateful_pointer<events_state> self);

} // namespace orc
