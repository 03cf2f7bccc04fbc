#pragma once

#include "transport/server/services.hpp"

#include <caf/stateful_actor.hpp>

#include <optional>

namespace orc::server {

class gateway_state;

using gateway_pointer = gateway_actor::stateful_pointer<gateway_state>;

/// Brings HTTP requests to the actors and their answers back.
class gateway_state {
public:
  static inline const char* name = "http-gateway";

  explicit gateway_state(gateway_actor::pointer self);

  gateway_actor::behavior_type
  make_behavior(api_server_options options, orchestrator_actor orchestrator,
                events_actor events);

private:
  void handle(const http::exchange_ptr& exchange);

  gateway_actor::pointer self_;
  std::optional<services> services_;
};

/// Starts a GATEWAY.
gateway_actor::behavior_type
gateway(gateway_pointer self, api_server_options options,
        orchestrator_actor orchestrator, events_actor events);

} // namespace orc::server
