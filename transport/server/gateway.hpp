#pragma once

#include "transport/server/services.hpp"
#include "transport/server/socket_io/hub.hpp"
#include "transport/server/v2/desk.hpp"

#include <caf/stateful_actor.hpp>

#include <optional>

namespace orc::server {

class gateway_state;

using gateway_pointer = gateway_actor::stateful_pointer<gateway_state>;

/// Brings HTTP requests to the actors and their answers back. Outlives the
/// streams that it started: when it is gone, nobody holds an exchange.
class gateway_state {
public:
  static inline const char* name = "http-gateway";

  explicit gateway_state(gateway_actor::pointer self);

  gateway_actor::behavior_type
  make_behavior(api_server_options options, api_parts parts);

private:
  void handle(const http::exchange_ptr& exchange);
  void handle_routed(const routed_request& x);
  void pass_to_hub(const http::exchange_ptr& exchange);
  void change(change_access& x);
  void change(show_bus& x);
  void end(bool only_endless);
  void leave(const caf::exit_msg& why);
  void forget(const caf::actor_addr& stream);

  gateway_actor::pointer self_;
  std::optional<services> services_;
  /// None where there is no platform to pass requests on to.
  std::optional<v2::desk> desk_;
  /// Nobody where there are no tasks.
  socket_io::hub_actor hub_;
  std::optional<caf::error> leaving_;
};

/// Starts a GATEWAY.
gateway_actor::behavior_type
gateway(gateway_pointer self, api_server_options options, api_parts parts);

} // namespace orc::server
