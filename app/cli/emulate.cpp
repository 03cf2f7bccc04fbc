#include "app/cli/emulate.hpp"

#include "app/cli/emulate_flags.hpp"
#include "app/service/interrupts.hpp"
#include "app/service/open_files.hpp"
#include "emulator/emulator.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace orc::app {

namespace {

constexpr auto footer = R"(Examples:
  apify-orchestrator emulate --actors ./actors
      runs each folder with .actor/actor.json as an Apify actor
  apify-orchestrator emulate --any-actor --duration-ms 500 --items 10
      rehearses a plan: every name is an actor that takes 0.5 s, makes 10 items
  apify-orchestrator emulate --user ann:secret:8192:5 --user bob:hidden
      two accounts, one of them with 8 GB and 5 runs at a time
  apify-orchestrator emulate --fault-rate start.lost=0.05,any.500=0.02 --seed 7
      loses the answers of 5 % of the starts, fails 2 % of all requests

Any client of the Apify API works with it once its base URL is changed, such as
APIFY_API_BASE_URL=http://127.0.0.1:8485 APIFY_TOKEN=emulator-token.
What a scripted run does, its input says: {"durationMs":2000,"outcome":"FAILED",
"items":5,"statusMessage":"...","failFirst":1,"key":"a","fault":"lost", ...}.
GET /emulator/stats and /emulator/runs tell what happened; POST
/emulator/runs/ID/migrate, /emulator/faults and /emulator/reset make it happen.)";

int emulate(emulate_flags& flags) {
  if (const auto problem = read_options(flags); !problem.empty())
    return fail(problem);
  raise_file_limit();
  // Before any thread starts, so that all of them leave signals to it.
  interrupts stop;
  emulator::emulator platform{flags.options};
  if (const auto error = platform.start())
    return fail(platform.problem());
  if (!platform.problem().empty())
    fmt::print(stderr, "{}", platform.problem());
  fmt::print("emulating the Apify platform on {} (token: {})\n"
             "listening on {}\n",
             platform.base_url(), platform.token(), platform.base_url());
  std::fflush(stdout);
  stop.wait();
  platform.stop();
  return all_succeeded;
}

} // namespace

void add_emulate(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "emulate", "Emulate the Apify platform on this machine: rehearse plans and "
               "test clients\nfor nothing, with scripted runs or real "
               "programs.");
  // The callbacks of CLI11 refer to it.
  const auto flags = std::make_shared<emulate_flags>();
  add_emulate_flags(*command, *flags);
  command->footer(footer);
  command->callback(
    [flags, &action] { action = [flags] { return emulate(*flags); }; });
}

} // namespace orc::app
