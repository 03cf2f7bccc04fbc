#include "messages/base/error.hpp"
#include "messages/json/json.hpp"
#include "transport/server/call.hpp"
#include "transport/server/routes/common.hpp"

#include <fmt/format.h>

namespace orc::server {

namespace {

inline constexpr parameter hook_parameter{
  "name", place::path, string_schema, "Name of the webhook, as configured."};

void list(const call_ptr& x) {
  x->ask_of<hook_views>(x->under().hooks, get_hooks{},
                        [x](const hook_views& found) {
                          x->reply(200, to_json(found));
                        });
}

void deliveries(const call_ptr& x) {
  auto state_name = x->text("state").value_or("pending");
  auto state = parse_enum<delivery_state>(state_name);
  if (!state)
    return x->fail(must_be("state", "pending or dead", state_name));
  auto limit = read_limit(*x);
  if (!limit)
    return x->fail(limit.error());
  auto after = x->number("after", 0, 0);
  if (!after)
    return x->fail(after.error());
  x->ask_of<delivery_page>(
    x->under().hooks, load_deliveries{x->path("name"), *state, *after, *limit},
    [x](const delivery_page& page) { x->reply(200, to_json(page)); });
}

void redrive(const call_ptr& x) {
  redrive_deliveries wanted;
  if (!x->request().body.empty()) {
    auto given = from_json<redrive_deliveries>(x->request().body);
    if (!given)
      return x->fail(given.error());
    wanted = std::move(*given);
  }
  if (!wanted.hook.empty() && wanted.hook != x->path("name"))
    return x->fail(make_error(
      ec::bad_field, fmt::format("webhook: must be `{}`, as in the path, or "
                                 "left out",
                                 x->path("name"))));
  wanted.hook = x->path("name");
  x->ask_of<redriven_deliveries>(x->under().hooks, std::move(wanted),
                                 [x](const redriven_deliveries& done) {
                                   x->reply(200, to_json(done));
                                 });
}

route deliveries_route() {
  return {
    "GET",
    "/api/v1/webhooks/{name}/deliveries",
    "listDeliveries",
    "Lists what a webhook was not told yet, oldest first: pending, or "
    "given up. What was delivered is forgotten.",
    {hook_parameter,
     {"state", place::query, R"({"type":"string","enum":["pending","dead"]})",
      "`pending` if not given."},
     limit_parameter,
     {"after", place::query, count_schema, "`nextAfter` of the page before."}},
    nullptr,
    {{200, "A page of deliveries.", &schema_for<delivery_page>}},
    &deliveries};
}

route redrive_route() {
  return {"POST",
          "/api/v1/webhooks/{name}/redrive",
          "redriveDeliveries",
          "Sends again what was given up, all of it or some; a webhook that "
          "was disabled is enabled.",
          {hook_parameter},
          &schema_for<redrive_deliveries>,
          {{200, "How many.", &schema_for<redriven_deliveries>}},
          &redrive};
}

} // namespace

std::vector<route> hook_routes() {
  return {{"GET",
           "/api/v1/webhooks",
           "listWebhooks",
           "Shows all webhooks and how they are doing.",
           {},
           nullptr,
           {{200, "All webhooks.", &schema_for<hook_views>}},
           &list},
          deliveries_route(),
          redrive_route()};
}

} // namespace orc::server
