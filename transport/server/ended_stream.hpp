#pragma once

#include "messages/event.hpp"
#include "messages/orchestrator.hpp"
#include "transport/server/bounded_output.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <optional>
#include <set>
#include <string>

namespace orc::server {

using ended_stream_actor = event_sink::extend<caf::reacts_to<events_written>>;

/// Sends the runs of a batch to one client, each as it ends, as JSON lines;
/// ends when none is left. Those that have ended already come as fast as the
/// client reads; one that does not keep up with the others is cut off.
class ended_stream_state {
public:
  static inline const char* name = "ended-stream";

  explicit ended_stream_state(ended_stream_actor::pointer self);

  ended_stream_actor::behavior_type
  make_behavior(http::exchange_ptr exchange, orchestrator_actor orchestrator,
                events_actor events, run_ref batch);

private:
  void list_more();
  void take(const run_page& page);
  void hear(const run_event& x);
  void see(const run& x);
  void finish_if_done();
  void write(std::string text);

  ended_stream_actor::pointer self_;
  bounded_output out_;
  run_ref batch_;
  /// Names of runs that were sent, and of those that are not final.
  std::set<std::string> sent_;
  std::set<std::string> open_;
  orchestrator_actor orchestrator_;
  /// Of the page to ask for; none while one is on its way, and after the last.
  std::optional<std::string> cursor_ = "";
  bool listed_ = false;
};

/// Starts an ENDED STREAM.
ended_stream_actor::behavior_type
ended_stream(ended_stream_actor::stateful_pointer<ended_stream_state> self,
             http::exchange_ptr exchange, orchestrator_actor orchestrator,
             events_actor events, run_ref batch);

} // namespace orc::server
