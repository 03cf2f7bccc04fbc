#pragma once

#include "messages/event.hpp"
#include "transport/server/bounded_output.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <string>

namespace orc::server {

/// Time to show that a stream is alive.
struct heartbeat_due {};

} // namespace orc::server

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::server::heartbeat_due)

namespace orc::server {

using event_stream_actor = event_sink::extend<caf::reacts_to<events_written>,
                                              caf::reacts_to<heartbeat_due>>;

/// Sends events to one client as Server-Sent Events, until one of both leaves.
/// A client that does not keep up is cut off rather than let memory grow: it
/// comes back with `Last-Event-ID` and misses nothing that is remembered.
class event_stream_state {
public:
  static inline const char* name = "event-stream";

  explicit event_stream_state(event_stream_actor::pointer self);

  event_stream_actor::behavior_type
  make_behavior(http::exchange_ptr exchange, std::chrono::milliseconds beat);

private:
  void send(const run_event& x);
  void write(std::string text);
  void plan_heartbeat();

  event_stream_actor::pointer self_;
  bounded_output out_;
  std::chrono::milliseconds beat_{0};
};

/// Starts an EVENT STREAM; somebody subscribes it.
event_stream_actor::behavior_type
event_stream(event_stream_actor::stateful_pointer<event_stream_state> self,
             http::exchange_ptr exchange, std::chrono::milliseconds beat);

} // namespace orc::server
