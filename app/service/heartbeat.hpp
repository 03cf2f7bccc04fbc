#pragma once

#include "messages/health.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace orc::app {

class notifier;

/// Time for the next round trip.
struct next_beat {
  static constexpr auto fields
    = describe("next_beat", "Time for the next round trip.");
};

using heartbeat_actor = caf::typed_actor<caf::reacts_to<next_beat>>;

/// Tells the service manager that we live, each time a round trip through
/// ORCHESTRATOR, BUDGETS and PERSISTENCE came back, twice in an interval of the
/// watchdog; and what `systemctl status` shows. There is no beat without such a
/// trip: if anyone hangs whom a run needs, the beats end, and the service
/// manager starts us again. A store that answers that it cannot write is no
/// reason for that: another process could not either.
///
/// While the ORCHESTRATOR recovers, each step forward extends the time that the
/// start may take.
heartbeat_actor::behavior_type
heartbeat(heartbeat_actor::pointer self, health_actor orchestrator,
          std::shared_ptr<const notifier> supervisor);

} // namespace orc::app
