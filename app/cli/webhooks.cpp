#include "app/cli/client_flags.hpp"
#include "app/text/amounts.hpp"
#include "app/text/table.hpp"
#include "messages/hooks.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

namespace orc::app {

namespace {

constexpr auto examples = R"(Examples:
  apify-orchestrator webhooks                       how all of them are doing
  apify-orchestrator webhooks --deliveries ops --state dead
  apify-orchestrator webhooks --redrive ops         send again what was given up
  apify-orchestrator webhooks --redrive ops --id 17 --id 18

Webhooks are configured in [[webhooks]] of the configuration file of `serve` or
`run`; `config --example` shows all that can be said. Each fact is a POST with a
CloudEvent, signed as Standard Webhooks says, sent until it is answered 2xx.)";

struct webhook_flags {
  std::string listed;
  std::string redriven;
  std::string state = "pending";
  std::vector<std::uint64_t> ids;
};

std::string path_of(const std::string& hook, std::string_view rest) {
  return fmt::format("/api/v1/webhooks/{}{}", http::percent_encode(hook), rest);
}

std::string kinds_of(const hook_view& x) {
  std::string result;
  for (auto kind : x.kinds)
    result.append(result.empty() ? "" : ",").append(name_of(kind));
  return result.empty() ? "all" : result;
}

void print_hooks(const hook_views& x) {
  table out{{{"WEBHOOK"},
             {"STATE"},
             {"URL"},
             {"EVENTS"},
             {"PENDING", table::align::right},
             {"DEAD", table::align::right},
             {"DELIVERED", table::align::right},
             {"LAST PROBLEM"}}};
  for (const auto& hook : x.items)
    out.add({hook.name, std::string{name_of(hook.state)}, hook.url,
             kinds_of(hook), print_count(hook.pending), print_count(hook.dead),
             print_count(hook.delivered), hook.last_problem.value_or("-")});
  for (const auto& line : out.lines())
    fmt::print("{}\n", line);
}

int show(api_client& client, bool json) {
  auto body = client.get("/api/v1/webhooks");
  if (!body)
    return fail(body.error());
  auto x = from_json<hook_views>(*body);
  if (!x)
    return fail(x.error());
  if (json)
    fmt::print("{}\n", *body);
  else if (x->items.empty())
    fmt::print("No webhooks are configured: see `config --example`.\n");
  else
    print_hooks(*x);
  return all_succeeded;
}

void print_delivery(const hook_delivery& x) {
  auto next = x.next_at ? to_string(*x.next_at) : std::string{"-"};
  auto event = from_json<cloud_event>(x.event.view());
  fmt::print("{} {} {} since={} attempts={} next={} {}\n", x.id,
             event ? event->type : x.event_id, event ? event->subject : "-",
             to_string(x.since), x.attempts, next, x.problem);
}

int list(api_client& client, const webhook_flags& x, bool json) {
  std::uint64_t after = 0;
  for (;;) {
    auto body = client.get(
      path_of(x.listed, fmt::format("/deliveries?state={}&limit=1000&after={}",
                                    http::percent_encode(x.state), after)));
    if (!body)
      return fail(body.error());
    auto page = from_json<delivery_page>(*body);
    if (!page)
      return fail(page.error());
    if (json)
      fmt::print("{}\n", *body);
    else
      for (const auto& delivery : page->items)
        print_delivery(delivery);
    if (!page->next_after)
      return all_succeeded;
    after = *page->next_after;
  }
}

int redrive(api_client& client, const webhook_flags& x, bool json) {
  redrive_deliveries request;
  request.hook = x.redriven;
  request.ids = x.ids;
  auto body = client.post(path_of(x.redriven, "/redrive"), to_json(request));
  if (!body)
    return fail(body.error());
  auto done = from_json<redriven_deliveries>(*body);
  if (!done)
    return fail(done.error());
  if (json)
    fmt::print("{}\n", *body);
  else
    fmt::print("{} {} sent again\n", print_count(done->count),
               done->count == 1 ? "delivery is" : "deliveries are");
  return all_succeeded;
}

int webhooks(const client_flags& flags, const webhook_flags& x) {
  auto client = connect(flags);
  if (!x.redriven.empty())
    return redrive(*client, x, flags.json);
  if (!x.listed.empty())
    return list(*client, x, flags.json);
  return show(*client, flags.json);
}

} // namespace

void add_webhooks(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "webhooks", "Shows the webhooks of a service, what they were not told yet, "
                "and sends again what was given up.");
  auto x = std::make_shared<webhook_flags>();
  auto* listed = command
                   ->add_option("--deliveries", x->listed,
                                "List what this webhook was not told yet.")
                   ->type_name("NAME");
  command
    ->add_option("--state", x->state,
                 "Which deliveries to list: pending or dead.")
    ->type_name("STATE")
    ->capture_default_str()
    ->needs(listed);
  auto* redriven = command
                     ->add_option("--redrive", x->redriven,
                                  "Send again what this webhook was given up "
                                  "on; enables one that answered 410.")
                     ->type_name("NAME")
                     ->excludes(listed);
  command->add_option("--id", x->ids, "Only this delivery; may be repeated.")
    ->type_name("ID")
    ->needs(redriven);
  auto flags = add_client_flags(*command);
  command->footer(examples);
  command->callback(
    [=, &action] { action = [=] { return webhooks(*flags, *x); }; });
}

} // namespace orc::app
