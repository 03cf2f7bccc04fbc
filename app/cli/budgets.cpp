#include "app/cli/client_flags.hpp"
#include "app/text/amounts.hpp"
#include "app/text/table.hpp"
#include "messages/budget.hpp"
#include "messages/json/json.hpp"
#include "transport/http/url.hpp"

#include <fmt/format.h>

namespace orc::app {

namespace {

constexpr auto examples = R"(Examples:
  apify-orchestrator budgets
  apify-orchestrator budgets set nightly --cap 5 --of-namespace shop
  apify-orchestrator budgets set nightly --cap 8
  apify-orchestrator budgets --json

A cap that is raised lets the runs go on that wait for it. What is set here
holds until the configuration file says something else of that budget.)";

struct budget_flags {
  std::string name;
  std::optional<double> cap;
  std::optional<std::string> account;
  std::optional<std::string> space;
  std::optional<std::string> batch;
  std::string period;
  std::string on_reached;
  std::optional<double> warn_at;
  std::optional<double> assume;
};

std::string scope_of(const budget_view& x) {
  std::string result;
  auto add = [&](const char* what, const std::optional<std::string>& which) {
    if (which)
      result
        += fmt::format("{}{} {}", result.empty() ? "" : ", ", what, *which);
  };
  add("account", x.account);
  add("namespace", x.space);
  add("batch", x.batch);
  return result.empty() ? "all runs" : result;
}

void print(const std::vector<budget_view>& xs) {
  using align = table::align;
  table out{{{"BUDGET"},
             {"COUNTS"},
             {"PERIOD"},
             {"THEN"},
             {"CAP", align::right},
             {"SPENT", align::right},
             {"RESERVED", align::right},
             {"LEFT", align::right},
             {"WAITING", align::right}}};
  for (const auto& x : xs)
    out.add({x.name, scope_of(x), std::string{name_of(x.period)},
             std::string{name_of(x.on_reached)}, print_usd(x.cap_usd),
             print_usd(x.spent_usd), print_usd(x.reserved_usd),
             print_usd(x.left_usd), print_count(x.runs_waiting)});
  for (const auto& line : out.lines())
    fmt::print("{}\n", line);
}

int list(const client_flags& flags) {
  auto body = connect(flags)->get("/api/v1/budgets");
  if (!body)
    return fail(body.error());
  if (flags.json) {
    fmt::print("{}\n", *body);
    return all_succeeded;
  }
  auto found = from_json<budget_views>(*body);
  if (!found)
    return fail(found.error());
  if (found->items.empty())
    fmt::print("There are no budgets.\n");
  else
    print(found->items);
  return all_succeeded;
}

int set(const client_flags& flags, const budget_flags& x) {
  set_budget change;
  change.name = x.name;
  change.cap_usd = x.cap;
  change.account = x.account;
  change.space = x.space;
  change.batch = x.batch;
  change.warn_at = x.warn_at;
  change.assume_usd = x.assume;
  if (!x.period.empty())
    change.period = parse_enum<budget_period>(x.period);
  if (!x.on_reached.empty())
    change.on_reached = parse_enum<budget_action>(x.on_reached);
  auto path = "/api/v1/budgets/" + http::percent_encode(x.name);
  auto body = connect(flags)->put(path, to_json(change));
  if (!body)
    return fail(body.error());
  if (flags.json) {
    fmt::print("{}\n", *body);
    return all_succeeded;
  }
  auto now = from_json<budget_view>(*body);
  if (!now)
    return fail(now.error());
  print({*now});
  return all_succeeded;
}

void add_set_flags(CLI::App& command, budget_flags& x) {
  command.add_option("NAME", x.name, "Which budget; a new one needs --cap.")
    ->required();
  command.add_option("--cap", x.cap, "Most to be spent.")->type_name("USD");
  command.add_option("--of-account", x.account, "Only runs on this account.")
    ->type_name("NAME");
  command.add_option("--of-namespace", x.space, "Only runs of this namespace.")
    ->type_name("NAME");
  command.add_option("--of-batch", x.batch, "Only runs of this batch.")
    ->type_name("NAME");
  command
    .add_option("--period", x.period,
                "When it begins anew, by UTC: "
                "total (never), day or month.")
    ->check(CLI::IsMember({"total", "day", "month"}));
  command
    .add_option("--then", x.on_reached,
                "When it is used up: pause (runs wait), stop (runs are "
                "refused) or abort (live ones are aborted, too).")
    ->check(CLI::IsMember({"pause", "stop", "abort"}));
  command
    .add_option("--warn-at", x.warn_at, "Share of the cap at which it warns.")
    ->type_name("SHARE");
  command
    .add_option("--assume", x.assume,
                "What a run of an unknown Apify actor is taken to cost.")
    ->type_name("USD");
}

} // namespace

void add_budgets(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "budgets", "Shows caps on money and what is left; sets them.");
  auto flags = add_client_flags(*command);
  command->footer(examples);
  auto* change = command->add_subcommand(
    "set", "Makes a budget, or changes what is given of it.");
  auto x = std::make_shared<budget_flags>();
  add_set_flags(*change, *x);
  auto set_flags = add_client_flags(*change);
  change->callback(
    [=, &action] { action = [=] { return set(*set_flags, *x); }; });
  command->callback([=, &action] {
    if (!change->parsed())
      action = [=] { return list(*flags); };
  });
}

} // namespace orc::app
