#include "app/cli/client_flags.hpp"
#include "app/service/interrupts.hpp"
#include "app/service/leave_signal.hpp"
#include "app/service/logging.hpp"
#include "app/worker/task_worker.hpp"

#include <fmt/format.h>

namespace orc::app {

namespace {

constexpr auto examples = R"(Examples:
  apify-orchestrator worker --channel resize -- ./resize.sh
  apify-orchestrator worker --channel mail --parallel 8 -- python3 send.py
  apify-orchestrator worker --channel crawl --response -- node crawl.js

The command gets the input of one task on standard input, as JSON; what it prints
is the output: JSON, or any text. Exit code 0: done; 75: to be tried again; any
other: failed, and the last line of its standard error says why. Its environment
has TASK_ID, TASK_NAME, TASK_CHANNEL, TASK_ATTEMPTS_LEFT and TASK_PARENTS (JSON:
what the parents of the task made). With --response it prints a JSON object with
`output`, `error`, `children`, `workgroupDelayInSeconds`, `childrenDelayInSeconds`.

SIGINT or SIGTERM stops the worker: it takes no more tasks, and its commands get
SIGTERM and --grace. A task that was not finished goes back, and loses no attempt.
SIGUSR1 lets it finish the tasks that it has, and take no more.)";

struct worker_flags {
  worker_options options;
  double lease = 60;
  double timeout = 0;
  double grace = 30;
  double idle_exit = 0;
  bool quiet = false;
};

std::chrono::milliseconds millis(double secs) {
  return std::chrono::milliseconds{static_cast<std::int64_t>(secs * 1000)};
}

int run_worker(const client_flags& flags, worker_flags x) {
  x.options.lease = millis(x.lease);
  x.options.timeout = millis(x.timeout);
  x.options.grace = millis(x.grace);
  x.options.idle_exit = millis(x.idle_exit);
  worker_signs signs;
  auto client = connect(flags);
  auto polls = connect(flags);
  interrupts signals;
  signals.on_request([&] {
    signs.stop = true;
    polls->stop();
  });
  leave_signal leaving{[&] {
    signs.leave = true;
    polls->stop();
  }};
  start_logging({});
  auto tally = work(*client, *polls, x.options, signs);
  signals.on_request(nullptr);
  if (!tally)
    return fail(tally.error());
  if (flags.json)
    fmt::print(R"({{"event":"worker","done":{},"failed":{}}})"
               "\n",
               tally->done, tally->failed);
  else if (!x.quiet)
    fmt::print(stderr, "tasks done: {}, attempts failed: {}\n", tally->done,
               tally->failed);
  return tally->failed > 0 ? some_failed : all_succeeded;
}

} // namespace

void add_worker(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "worker", "Takes tasks of a channel and runs a command for each.");
  auto x = std::make_shared<worker_flags>();
  auto& is = x->options;
  command->add_option("--channel", is.channel, "Whose tasks it does.")
    ->type_name("NAME")
    ->required();
  command->add_option("COMMAND", is.command, "What to run, and its arguments.")
    ->required();
  command->add_option("--parallel", is.parallel, "Tasks at a time.")
    ->type_name("N")
    ->check(CLI::Range(1, 1000))
    ->capture_default_str();
  auto seconds = [&](const char* name, double& to, const char* doc) {
    command->add_option(name, to, doc)
      ->type_name("S")
      ->check(CLI::Range(0.0, 1e7))
      ->capture_default_str();
  };
  seconds("--lease", x->lease,
          "How long a task is kept from others when this worker dies.");
  seconds("--timeout", x->timeout,
          "Ends a command that takes longer; 0 never.");
  seconds("--grace", x->grace, "Time between SIGTERM and SIGKILL.");
  seconds("--idle-exit", x->idle_exit,
          "Ends after so long without a task; 0 never.");
  command
    ->add_option("--id", is.id,
                 "What the worker calls itself. Environment: "
                 "ORCHESTRATOR_WORKER_ID.")
    ->envname("ORCHESTRATOR_WORKER_ID")
    ->type_name("ID");
  command->add_flag("--response", is.prints_response,
                    "The command prints a response with output, error, "
                    "children and delays.");
  command->add_flag("--whole-task", is.reads_task,
                    "The command reads {\"input\", \"parents\", \"task\"}.");
  command->add_flag("--quiet", x->quiet, "Prints no summary at the end.");
  command->add_flag("--once", is.once,
                    "Ends when the channel has nothing to do.");
  auto flags = add_client_flags(*command);
  command->footer(examples);
  command->callback(
    [=, &action] { action = [=] { return run_worker(*flags, *x); }; });
}

} // namespace orc::app
