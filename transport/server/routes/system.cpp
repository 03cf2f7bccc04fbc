#include "messages/bus/status.hpp"
#include "messages/json/json.hpp"
#include "transport/server/call.hpp"
#include "transport/server/health_metrics.hpp"
#include "transport/server/openapi.hpp"
#include "transport/server/routes/common.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace orc::server {

namespace {

void accounts(const call_ptr& x) {
  x->ask<account_views>(get_accounts{}, [x](const account_views& found) {
    x->reply(200, to_json(found));
  });
}

void show_report(const call_ptr& x) {
  auto count_live = x->flag("countLive");
  if (!count_live)
    return x->fail(count_live.error());
  x->ask<report>(get_report{x->text("namespace").value_or(""), *count_live},
                 [x](const report& found) { x->reply(200, to_json(found)); });
}

/// What `/metrics` waits for at most: a part that hangs shall be seen, not hide
/// all others.
constexpr std::chrono::seconds patience_for_health{5};

struct measured {
  report runs;
  hook_views hooks;
  std::optional<bus_status> bus;
};

void tell_of_bus(const call_ptr& x) {
  const auto& bridge = x->under().bus;
  if (!bridge)
    return x->fail(make_error(ec::not_found,
                              "there is no bus: [nats] of the configuration "
                              "names one"));
  x->ask_of<bus_status>(bridge, get_bus_status{}, [x](const bus_status& found) {
    x->reply(200, to_json(found));
  });
}

void reply_metrics(const call_ptr& x, const measured& found,
                   const std::optional<health>& state) {
  auto text = render_metrics(found.runs, found.hooks, x->under().counters);
  if (found.bus)
    render_bus(text, *found.bus);
  if (state)
    render_health(text, *state);
  x->reply({200,
            {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}},
            std::move(text)});
}

void add_health(const call_ptr& x, const measured& found) {
  if (!x->under().health)
    return reply_metrics(x, found, {});
  x->under()
    .self->request(x->under().health, patience_for_health, check_health{})
    .then([x, found](const health& y) { reply_metrics(x, found, y); },
          [x, found](const caf::error&) { reply_metrics(x, found, health{}); });
}

void add_bus(const call_ptr& x, const measured& found) {
  const auto& bridge = x->under().bus;
  if (!bridge)
    return add_health(x, found);
  x->under()
    .self->request(bridge, patience_for_health, get_bus_status{})
    .then(
      [x, found](const bus_status& bus) {
        add_health(x, {found.runs, found.hooks, bus});
      },
      [x, found](const caf::error&) { add_health(x, found); });
}

void metrics(const call_ptr& x) {
  x->ask<report>(get_report{}, [x](const report& found) {
    if (!x->under().hooks)
      return add_bus(x, {found, {}, {}});
    x->ask_of<hook_views>(x->under().hooks, get_hooks{},
                          [x, found](const hook_views& hooks) {
                            add_bus(x, {found, hooks, {}});
                          });
  });
}

/// Needs no token: it is the same of every service, and /api-docs/ reads it
/// before it has one.
void openapi(const call_ptr& x) {
  static const auto document = render_openapi(all_routes());
  x->reply(200, document);
}

} // namespace

std::vector<route> system_routes() {
  return {{"GET",
           "/api/v1/accounts",
           "listAccounts",
           "Shows all accounts in use.",
           {},
           nullptr,
           {{200, "All accounts.", &schema_for<account_views>}},
           &accounts},
          {"GET",
           "/api/v1/report",
           "getReport",
           "Shows how everything stands.",
           {space_filter,
            {"countLive", place::query, flag_schema,
             "Asks the platform how many items live runs have by now."}},
           nullptr,
           {{200, "The report.", &schema_for<report>}},
           &show_report},
          {"GET",
           "/api/v1/bus",
           "getBus",
           "Shows how the bridge to the message bus stands.",
           {},
           nullptr,
           {{200, "The bridge.", &schema_for<bus_status>}},
           &tell_of_bus,
           false,
           dialect::own,
           "bus.get"},
          {"GET",
           "/metrics",
           "getMetrics",
           "Metrics for Prometheus.",
           {},
           nullptr,
           {{200, "In text format.", nullptr, "text/plain"}},
           &metrics,
           false,
           dialect::own,
           "metrics.get"},
          {"GET",
           "/openapi.json",
           "getOpenApi",
           "This document.",
           {},
           nullptr,
           {{200, "OpenAPI 3.1."}},
           &openapi,
           true,
           dialect::own,
           "openapi.get"}};
}

} // namespace orc::server
