#pragma once

#include "messages/bus/status.hpp"
#include "messages/event.hpp"
#include "messages/hooks.hpp"
#include "messages/orchestrator.hpp"
#include "transport/http/server.hpp"
#include "transport/server/access.hpp"
#include "transport/server/api_server.hpp"
#include "transport/server/idempotency.hpp"
#include "transport/server/metrics.hpp"
#include "transport/server/router.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <map>

namespace orc::server {

/// A request on its way from the thread of sockets to the GATEWAY.
struct http_request {
  http::exchange_ptr exchange;
};

/// A request that came another way than over HTTP: whoever sends it has found
/// its route and answers for it, so it needs no token.
struct routed_request {
  http::exchange_ptr exchange;
  const route* found = nullptr;
  path_values values;
  std::string query;
};

/// Ends the streams that would never end by themselves.
struct end_streams {};

/// Other tokens for this API, other accounts for the platform's in front of it.
struct change_access {
  std::vector<secret> tokens;
  std::vector<account_settings> accounts;
};

/// Whom to ask how the bus stands; nobody if there is none.
struct show_bus {
  bus_status_actor bus;
};

/// Something that goes on at the GATEWAY: an answer has come, or its time.
struct errand {
  std::function<void()> work;
};

} // namespace orc::server

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::server::http_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::server::routed_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::server::end_streams)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::server::change_access)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::server::show_bus)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::server::errand)

namespace orc::server {

/// The GATEWAY interface: takes HTTP requests and answers them by asking other
/// actors. An event sink: requests wait for what happens to runs.
using gateway_actor = event_sink::extend<
  caf::reacts_to<http_request>, caf::reacts_to<routed_request>,
  caf::reacts_to<end_streams>, caf::reacts_to<change_access>,
  caf::reacts_to<show_bus>, caf::reacts_to<errand>>;

/// What the routes work with; belongs to the GATEWAY.
struct services {
  services(gateway_actor::pointer gateway, api_server_options settings,
           api_parts parts)
    : self{gateway}, options{std::move(settings)}, orchestrator{std::move(
                                                     parts.orchestrator)},
      events{std::move(parts.events)}, hooks{std::move(parts.hooks)},
      splits{std::move(parts.splits)}, readings{std::move(parts.readings)},
      batches{std::move(parts.batches)}, tasks{std::move(parts.tasks)},
      task_store{std::move(parts.task_store)}, operators{std::move(
                                                 parts.operators)},
      schedules{std::move(parts.schedules)}, walks{std::move(parts.walks)},
      pools{std::move(parts.pools)}, health{std::move(parts.health)},
      gate{options.tokens, options.worker_token} {
    // nop
  }

  gateway_actor::pointer self;
  api_server_options options;
  orchestrator_actor orchestrator;
  events_actor events;
  hooks_actor hooks;
  splits_actor splits;
  readings_actor readings;
  batches_actor batches;
  tasks_actor tasks;
  task_store_actor task_store;
  operators_actor operators;
  schedules_actor schedules;
  walks_actor walks;
  pools_actor pools;
  health_actor health;
  /// Nobody if there is no bus: that calls the API, so it comes later.
  bus_status_actor bus = {};
  access_policy gate;
  idempotency keys;
  request_counters counters;
  /// Who answers piece by piece, and whether that would never end by itself.
  std::map<caf::actor_addr, bool> streams;

  /// Sees to it that a stream ends with the GATEWAY at the latest.
  template <class Handle>
  void adopt(const Handle& stream, bool endless) {
    self->monitor(stream);
    streams.emplace(stream.address(), endless);
  }
};

} // namespace orc::server
