// The command `pool`: local workers without a service, or for one.

#include "app/cli/pool.hpp"

#include "app/pool/background.hpp"
#include "app/pool/pool_job.hpp"
#include "app/pool/pool_status.hpp"

#include <fmt/format.h>

namespace orc::app {

namespace {

constexpr auto examples = R"(Examples:
  apify-orchestrator pool run --config pool.toml
  apify-orchestrator pool run --config pool.toml --daemon
  apify-orchestrator pool run --config pool.toml --api http://127.0.0.1:8484
  apify-orchestrator pool get-or-start --config pool.toml --daemon
  apify-orchestrator pool status && apify-orchestrator pool stop

pool.toml:
  [pool]
  limit = 8
  [[pool.workers]]
  channel = "resize"
  command = ["./resize.sh"]   # once for each task, as by `worker`

`run` ends when its channels have nothing to do and nothing to come, unless
--daemon. Exit codes: 0 done, stopped by SIGINT or SIGTERM, or running already;
1 an error; 2 bad usage or configuration. Only one runs in a data directory.)";

struct pool_flags {
  std::shared_ptr<config_flags> config;
  pool_job_options job;
};

std::shared_ptr<pool_flags> add_flags(CLI::App& command) {
  auto x = std::make_shared<pool_flags>();
  x->config = std::make_shared<config_flags>(command);
  x->config->add("--data", "DIR", "data");
  return x;
}

/// What `run` and `get-or-start` have in common.
std::shared_ptr<pool_flags> add_run_flags(CLI::App& command) {
  auto x = add_flags(command);
  x->config->add("--listen", "ADDRESS:PORT", "listen").add_logging();
  command.add_flag("--daemon", x->job.daemon,
                   "Goes on when there is nothing to do.");
  command
    .add_option("--api", x->job.api,
                "Do the tasks of a service that runs, instead of own ones.")
    ->type_name("URL");
  command
    .add_option("--token", x->job.token,
                "The service's token. Environment: ORCHESTRATOR_TOKEN.")
    ->envname("ORCHESTRATOR_TOKEN")
    ->type_name("T");
  return x;
}

/// @returns the command line of `run` for what was given to `get-or-start`. The
///          token goes by environment, which nobody else can read.
std::vector<std::string>
run_arguments(const CLI::App& command, const pool_flags& x) {
  std::vector<std::string> result{"pool", "run"};
  for (const auto* option : command.get_options()) {
    auto name = option->get_name();
    if (option->count() == 0 || name == "--token" || name == "--json"
        || name == "--help")
      continue;
    result.push_back(name);
    if (name != "--daemon")
      for (const auto& value : option->results())
        result.push_back(value);
  }
  if (!x.job.token.empty())
    ::setenv("ORCHESTRATOR_TOKEN", x.job.token.c_str(), 1);
  return result;
}

int get_or_start(const CLI::App& command, const pool_flags& x) {
  auto options = x.config->load();
  if (!options)
    return fail(options.error());
  if (auto running = print_if_running(*options, x.job.json))
    return *running;
  auto pid = start_in_background(run_arguments(command, x), options->data);
  if (!pid) {
    fail(pid.error());
    return some_failed;
  }
  if (x.job.json)
    fmt::print(R"({{"event":"pool-started","pid":{},"started":true}})"
               "\n",
               *pid);
  else
    fmt::print("{}\n", *pid);
  return all_succeeded;
}

void add_pool_run(CLI::App& parent, command_action& action) {
  auto* command = parent.add_subcommand(
    "run", "Starts workers as tasks come, until there is nothing to do.");
  auto x = add_run_flags(*command);
  command->add_flag("--json", x->job.json, "Print events as JSON lines.");
  command->callback([=, &action] {
    action = [=] {
      auto options = x->config->load();
      if (!options)
        return fail(options.error());
      return run_pools(std::move(*options), x->job);
    };
  });
}

void add_get_or_start(CLI::App& parent, command_action& action) {
  auto* command = parent.add_subcommand(
    "get-or-start", "Prints the pid of the one that runs; starts one in the "
                    "background if there is none.");
  auto x = add_run_flags(*command);
  command->add_flag("--json", x->job.json, "Print JSON.");
  command->callback(
    [=, &action] { action = [=] { return get_or_start(*command, *x); }; });
}

using status_verb = int (*)(const config&, bool json);

void add_verb(CLI::App& parent, command_action& action, const char* verb,
              const char* doc, status_verb f) {
  auto* command = parent.add_subcommand(verb, doc);
  auto x = add_flags(*command);
  command->add_flag("--json", x->job.json, "Print JSON.");
  command->callback([=, &action] {
    action = [=] {
      auto options = x->config->load();
      return options ? f(*options, x->job.json) : fail(options.error());
    };
  });
}

} // namespace

void add_pool(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "pool", "Runs local workers for the tasks of channels.");
  command->footer(examples);
  command->require_subcommand(1);
  add_pool_run(*command, action);
  add_verb(*command, action, "is-running",
           "Prints true or false; exit code 0 if one runs, else 1.",
           &print_is_running);
  add_get_or_start(*command, action);
  add_verb(*command, action, "stop",
           "Stops the one that runs, and waits until no worker is left.",
           &stop_pools);
  add_verb(*command, action, "status", "Shows the workers that there are.",
           &print_pool_status);
}

} // namespace orc::app
