#include "app/cli/client_flags.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

namespace orc::app {

namespace {

struct abort_flags {
  bool all = false;
  bool gracefully = false;
};

int abort(const client_flags& flags, const std::vector<std::string>& names,
          const abort_flags& x) {
  if (names.empty() != x.all)
    return fail(x.all ? "give names or --all, not both"
                      : "give the NAME of a run, or --all");
  abort_runs request;
  request.space = flags.space;
  request.names = names;
  request.all = x.all;
  request.gracefully = x.gracefully;
  auto body = connect(flags)->post("/api/v1/runs/abort", to_json(request));
  if (!body)
    return fail(body.error());
  auto answer = from_json<aborted_runs>(*body);
  if (!answer)
    return fail(answer.error());
  if (flags.json)
    fmt::print("{}\n", to_json(*answer));
  else
    fmt::print("{} {} being aborted\n", answer->count,
               answer->count == 1 ? "run is" : "runs are");
  if (answer->unknown.empty())
    return all_succeeded;
  return fail(
    fmt::format("no run is called {}", fmt::join(answer->unknown, ", ")));
}

} // namespace

void add_abort(CLI::App& app, command_action& action) {
  auto* command
    = app.add_subcommand("abort", "Aborts runs of a service, or all of them.");
  auto names = add_names(*command);
  auto x = std::make_shared<abort_flags>();
  command->add_flag("--all", x->all, "All runs that are not final.");
  command->add_flag("--gracefully", x->gracefully,
                    "Give each 30 s to end by itself.");
  auto flags = add_client_flags(*command);
  command->footer("Examples:\n  apify-orchestrator abort job-1\n"
                  "  apify-orchestrator abort --all --gracefully");
  command->callback(
    [=, &action] { action = [=] { return abort(*flags, *names, *x); }; });
}

} // namespace orc::app
