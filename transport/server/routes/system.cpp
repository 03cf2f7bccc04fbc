#include "messages/json/json.hpp"
#include "transport/server/call.hpp"
#include "transport/server/openapi.hpp"
#include "transport/server/routes/common.hpp"

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

void reply_metrics(const call_ptr& x, const report& found,
                   const hook_views& hooks) {
  x->reply({200,
            {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}},
            render_metrics(found, hooks, x->under().counters)});
}

void metrics(const call_ptr& x) {
  x->ask<report>(get_report{}, [x](const report& found) {
    if (!x->under().hooks)
      return reply_metrics(x, found, {});
    x->ask_of<hook_views>(x->under().hooks, get_hooks{},
                          [x, found](const hook_views& hooks) {
                            reply_metrics(x, found, hooks);
                          });
  });
}

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
           "/metrics",
           "getMetrics",
           "Metrics for Prometheus.",
           {},
           nullptr,
           {{200, "In text format.", nullptr, "text/plain"}},
           &metrics},
          {"GET",
           "/openapi.json",
           "getOpenApi",
           "This document.",
           {},
           nullptr,
           {{200, "OpenAPI 3.1."}},
           &openapi}};
}

} // namespace orc::server
