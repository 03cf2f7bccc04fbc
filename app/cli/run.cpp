#include "app/cli/command_line.hpp"
#include "app/cli/number_checks.hpp"
#include "app/items/item_file.hpp"
#include "app/plan/list_work.hpp"
#include "app/run/one_run.hpp"
#include "app/run/rehearsal.hpp"
#include "app/run/run_job.hpp"
#include "app/service/interrupts.hpp"
#include "app/service/logging.hpp"
#include "app/service/preflight.hpp"
#include "app/service/service.hpp"

#include <fmt/format.h>

#include <memory>
#include <unistd.h>

namespace orc::app {

namespace {

constexpr auto examples = R"(Examples:
  apify-orchestrator run plan.json --output items.csv
  apify-orchestrator run --actor apify/hello-world --name hi --memory 512
  generate-requests | apify-orchestrator run - --json
  apify-orchestrator run --emulator --actors ./actors plan.json

A plan is {"runs":[…]} or one request a line:
  {"name":"shop-1","actor":"me/shop","input":{"page":1},
   "options":{"memoryMbytes":1024},"attempts":3}
A plan may have lists that become runs, as those of `split` do: "splits":[…] of
what POST /api/v1/splits takes; "items":"@FILE" reads a file.
Runs without a name get one that follows from what they ask for, such as
run-3f9a1c2b7d10, so that the same plan again rejoins its runs: nothing that
succeeded or still runs is started again.)";

struct run_flags {
  std::string plan;
  one_run single;
  bool emulator = false;
  std::optional<double> budget;
  std::string actors;
  std::string format;
  run_job_options job;
};

void add_single_run(CLI::App& command, one_run& x) {
  auto* group = command.add_option_group("Instead of a plan", "");
  group->add_option("--actor", x.actor, "Apify actor to run: id or user/name.")
    ->type_name("ID");
  group->add_option("--task", x.task, "Apify task to run: id or user/name.")
    ->type_name("ID");
  group->add_option("--name", x.name, "Name of the run; the same name joins.")
    ->type_name("NAME");
  group->add_option("--input", x.input, "Its input.")->type_name("JSON|@FILE");
  group
    ->add_option("--memory", x.memory,
                 "Its memory: a power of two, 128 to "
                 "32768.")
    ->type_name("MB");
  group->add_option("--timeout", x.timeout, "The platform ends it after this.")
    ->type_name("S");
  group->add_option("--build", x.build, "Tag or number of the build.")
    ->type_name("TAG");
}

void add_output(CLI::App& command, run_flags& x) {
  command.add_flag("--json", x.job.json,
                   "Print a line of JSON as each run finishes and a report as "
                   "the last line; all else goes to standard error.");
  command
    .add_option("--output", x.job.output,
                "File for the items of all runs, in the order of the plan; - "
                "is standard output, without --json.")
    ->type_name("FILE")
    ->take_last();
  command
    .add_option("--format", x.format,
                "Of that file; if not given, its name decides.")
    ->check(CLI::IsMember({"ndjson", "json", "csv"}))
    ->take_last();
  command.add_flag("--retry-failed", x.job.retry_failed,
                   "Give runs that FAILED before their attempts again.");
  command
    .add_option("--budget", x.budget,
                "Most money for all runs of the plan; those that it does not "
                "pay for are refused.")
    ->check(above_zero_usd)
    ->type_name("USD");
  command.add_flag("--emulator", x.emulator,
                   "Run on a platform of our own on this machine, for nothing: "
                   "no account, no network.");
  command
    .add_option("--actors", x.actors,
                "Folder of Apify actors that the emulator runs as programs.")
    ->type_name("DIR");
}

/// A budget of its own, which counts all runs of this process; what is refused
/// goes on when the same plan is run again with more.
void add_budget(double cap, const std::string& plan, config& options) {
  budget_entry x;
  x.name = "plan/" + budget_name_of(plan);
  x.cap_usd = cap;
  x.on_reached = budget_action::stop;
  options.budgets.push_back(std::move(x));
}

caf::expected<plan> read_plan_of(const run_flags& x) {
  if (x.single.given() && !x.plan.empty())
    return make_error(ec::bad_config, "give a plan or --actor or --task, not "
                                      "both");
  if (x.single.given())
    return to_plan(x.single);
  if (x.plan.empty())
    return make_error(ec::bad_config, "give a plan, `-` for standard input, "
                                      "--actor or --task");
  return read_plan_file(x.plan);
}

int run(run_flags x, const config_flags& flags) {
  auto options = flags.load();
  if (!options)
    return fail(options.error());
  auto work = read_plan_of(x);
  if (!work)
    return fail(work.error());
  if (x.budget)
    add_budget(*x.budget, x.plan, *options);
  if (!x.actors.empty() && !x.emulator)
    return fail("--actors needs --emulator");
  if (auto err = prepare_output(x.job, x.plan))
    return fail(err);
  interrupts stop;
  start_logging(flags.has("log.level") ? options->log
                                       : quieter(options->log, x.job.json));
  rehearsal stage;
  if (x.emulator)
    if (auto err = stage.start(x.actors, flags.has("data"), *options))
      return fail(err);
  if (auto err = check_accounts(accounts_of(*options), work->accounts()))
    return fail(err);
  auto host = service::open(*options);
  if (!host)
    return fail(host.error());
  x.job.abort_on_exit = options->abort_on_exit;
  x.job.counts = options->count_items && options->timing.settle_after.count();
  x.job.durable = options->store != store_kind::memory;
  x.job.format = format_of(x.format, x.job.output);
  auto runs = list_work::open(**host, *work, options->fixed_input.size());
  if (!runs)
    return fail(runs.error());
  run_job job{**host, **runs, x.job, stop};
  return job.run();
}

} // namespace

void add_run(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "run", "Runs a plan, or one run, to its end; again: rejoins it.");
  auto x = std::make_shared<run_flags>();
  command->add_option("PLAN", x->plan,
                      "File of run requests; - is standard "
                      "input.");
  add_single_run(*command, x->single);
  add_output(*command, *x);
  config_flags flags{*command};
  flags.add("--api", "URL", "base_url")
    .add("--token", "T", "token")
    .add("--data", "DIR", "data")
    .add("--max-concurrent-runs", "N", "max_concurrent_runs")
    .add("--max-memory", "MB", "max_memory_mbytes")
    .add_switch("--abort-on-exit", "abort_on_exit")
    .add_logging();
  command->footer(examples);
  command->callback([=, &action] { action = [=] { return run(*x, flags); }; });
}

} // namespace orc::app
