#include "app/plan/plan.hpp"

#include "app/cli/command_line.hpp"
#include "app/estimate/what_if.hpp"
#include "app/service/logging.hpp"
#include "app/text/amounts.hpp"
#include "app/text/table.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

namespace orc::app {

namespace {

constexpr auto examples = R"(Examples:
  apify-orchestrator plan plan.json                 is it a plan?
  apify-orchestrator plan plan.json --estimate      what will it take?
  apify-orchestrator plan plan.json --estimate --max-concurrent-runs 10
  apify-orchestrator plan plan.json --estimate --service http://127.0.0.1:8484

Starts nothing. Time and cost come from the runs that finished before: those of
the data folder (or of a running service), and where it knows none of an Apify
actor or task, those that the platform lists. Every run is taken to need the
median, and the 90th percentile, of its kind; inputs that differ from those of
the past will take another time.)";

struct plan_flags {
  std::string plan;
  bool estimate = false;
  bool json = false;
  std::string service;
  std::string service_token;
};

std::string print_secs(const std::optional<double>& x) {
  return x ? print_duration(
           std::chrono::milliseconds{static_cast<std::int64_t>(*x * 1000)})
           : "?";
}

std::string print_cost(const std::optional<double>& x, std::uint64_t runs) {
  return x ? print_usd(*x * static_cast<double>(runs)) : "?";
}

void print_targets(const plan_estimate& x) {
  table out{{{"APIFY ACTOR"},
             {"RUNS", table::align::right},
             {"MEDIAN", table::align::right},
             {"P90", table::align::right},
             {"COST", table::align::right},
             {"COST P90", table::align::right},
             {"SAMPLES", table::align::right},
             {"FROM"}}};
  for (const auto& row : x.targets)
    out.add({row.target, print_count(row.runs), print_secs(row.median_secs),
             print_secs(row.p90_secs), print_cost(row.median_usd, row.runs),
             print_cost(row.p90_usd, row.runs), print_count(row.samples),
             row.source});
  for (const auto& line : out.lines())
    fmt::print("{}\n", line);
}

std::string print_limits(const plan_estimate& x) {
  return fmt::format(
    "{} and {} at a time (from: {})",
    x.memory_limit ? print_memory(*x.memory_limit) : "any memory",
    x.run_limit ? print_count(*x.run_limit, "run") : "any number of runs",
    x.limits_from);
}

void print_estimate(const plan_estimate& x) {
  print_targets(x);
  fmt::print("\n{}: {} to {}, {} to {}, with {}\n", print_count(x.runs, "run"),
             print_secs(x.median_wall_secs), print_secs(x.p90_wall_secs),
             print_usd(x.median_usd), print_usd(x.p90_usd), print_limits(x));
  if (x.done > 0)
    fmt::print("{} succeeded already and will not be started again.\n",
               print_count(x.done));
  if (x.never_fit > 0)
    fmt::print("{} will be refused: more memory than there is.\n",
               print_count(x.never_fit));
  if (x.unknown > 0)
    fmt::print("{} left out of these sums: nobody has run that before.\n",
               print_count(x.unknown));
}

int check(const plan& work, const plan_flags& x) {
  auto lists = work.lists().size();
  if (x.json)
    fmt::print("{{\"runs\":{},\"splits\":{}}}\n", work.size(), lists);
  else
    fmt::print("{}: {}{}, nothing wrong with it\n", x.plan,
               print_count(work.size(), "run"),
               lists == 0 ? "" : " and " + print_count(lists, "list"));
  return all_succeeded;
}

int foretell(const plan& work, const plan_flags& x, const config& options) {
  std::optional<past_service> service;
  if (!x.service.empty())
    service = {x.service, secret{x.service_token}};
  auto estimate = what_if{work, options}.answer(service);
  if (!estimate)
    return fail(estimate.error());
  if (x.json)
    fmt::print("{}\n", to_json(*estimate));
  else
    print_estimate(*estimate);
  return all_succeeded;
}

int show_plan(const plan_flags& x, const config_flags& flags) {
  auto options = flags.load();
  if (!options)
    return fail(options.error());
  auto work = read_plan_file(x.plan);
  if (!work)
    return fail(work.error());
  if (!x.estimate)
    return check(*work, x);
  // What the store says about itself would stand in the way.
  if (!flags.has("log.level"))
    options->log.level = log_level::warn;
  start_logging(options->log);
  return foretell(*work, x, *options);
}

} // namespace

void add_plan(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "plan", "Checks a plan, and tells what it will take; starts nothing.");
  auto x = std::make_shared<plan_flags>();
  command
    ->add_option("PLAN", x->plan, "File of run requests; - is standard input.")
    ->required();
  auto* estimate = command->add_flag(
    "--estimate", x->estimate, "Tell how long it will take and what it costs.");
  command->add_flag("--json", x->json, "Print JSON.");
  command
    ->add_option("--service", x->service,
                 "Take the past from this service instead of the data folder.")
    ->type_name("URL")
    ->needs(estimate);
  command
    ->add_option("--service-token", x->service_token,
                 "Its token. Environment: ORCHESTRATOR_TOKEN.")
    ->envname("ORCHESTRATOR_TOKEN")
    ->type_name("T");
  config_flags flags{*command};
  flags.add("--api", "URL", "base_url")
    .add("--token", "T", "token")
    .add("--data", "DIR", "data")
    .add("--max-concurrent-runs", "N", "max_concurrent_runs")
    .add("--max-memory", "MB", "max_memory_mbytes")
    .add_logging();
  command->footer(examples);
  command->callback(
    [=, &action] { action = [=] { return show_plan(*x, flags); }; });
}

} // namespace orc::app
