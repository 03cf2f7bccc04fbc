#include "app/cli/command_line.hpp"
#include "app/import/npm_import.hpp"
#include "app/plan/plan.hpp"
#include "app/service/logging.hpp"
#include "app/service/service.hpp"
#include "app/text/amounts.hpp"
#include "persistence/npm/npm_record.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace orc::app {

namespace {

constexpr auto examples = R"(Examples:
  apify-orchestrator import plan.json --record runs.json
  apify-orchestrator import plan.json --record ORCHESTRATOR-CLIENT-RUNS \
    --key-env OLD_KEY && apify-orchestrator run plan.json

The record is what the library keeps in a key-value store under
<persistencePrefix><client>-RUNS; get it with
  curl -H "Authorization: Bearer $APIFY_TOKEN" \
    https://api.apify.com/v2/key-value-stores/ID/records/ORCHESTRATOR-CLIENT-RUNS
The plan says what each of its names starts, which the library does not keep.
Afterwards `run` or `serve` with the same --data rejoins these platform runs
instead of starting new ones. To import again changes nothing.)";

struct import_flags {
  std::string plan;
  std::string record;
  std::string key_env;
};

caf::expected<secret> key_of(const import_flags& x) {
  if (x.key_env.empty())
    return secret{};
  const auto* value = std::getenv(x.key_env.c_str());
  if (!value || !*value)
    return make_error(ec::bad_config,
                      fmt::format("--key-env: the environment variable {} is "
                                  "not set",
                                  x.key_env));
  return secret{value};
}

caf::expected<npm_runs> read_record(const import_flags& x) {
  auto key = key_of(x);
  if (!key)
    return std::move(key.error());
  std::ifstream in{x.record};
  if (!in)
    return make_error(ec::bad_config,
                      fmt::format("--record: {} cannot be read", x.record));
  auto body = std::string{std::istreambuf_iterator<char>{in}, {}};
  return read_npm_record(body, *key);
}

void print_outcome(const import_outcome& x) {
  fmt::print("{} imported", print_count(x.imported, "run"));
  if (x.known > 0)
    fmt::print(", {} known before", x.known);
  fmt::print("\n");
  for (const auto& name : x.left_out)
    fmt::print(stderr, "left out, since the plan has no such run: {}\n", name);
}

int import_records(const import_flags& x, const config_flags& flags) {
  auto options = flags.load();
  if (!options)
    return fail(options.error());
  start_logging(options->log);
  auto work = read_plan_file(x.plan);
  if (!work)
    return fail(work.error());
  auto found = read_record(x);
  if (!found)
    return fail(found.error());
  auto runs
    = runs_to_import(*found, settings_of(*options), *work, work->fixed_input());
  if (!runs)
    return fail(runs.error());
  auto problem = service::change_store(
    *options, [&](caf::actor_system& system, const run_store_actor& store) {
      auto done = import_runs(system, store, *runs);
      if (!done)
        return std::move(done.error());
      print_outcome(*done);
      return caf::error{};
    });
  return problem ? fail(problem) : all_succeeded;
}

} // namespace

void add_import(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "import", "Takes over the runs of the npm library apify-orchestrator.");
  auto x = std::make_shared<import_flags>();
  command->add_option("PLAN", x->plan, "The plan whose runs they are.")
    ->required();
  command
    ->add_option("--record", x->record,
                 "File with the library's record, as it is in the store.")
    ->type_name("FILE")
    ->required();
  command
    ->add_option(
      "--key-env", x->key_env,
      "Environment variable that holds its persistenceEncryptionKey.")
    ->type_name("NAME");
  config_flags flags{*command};
  flags.add("--data", "DIR", "data").add_logging();
  command->footer(examples);
  command->callback(
    [=, &action] { action = [=] { return import_records(*x, flags); }; });
}

} // namespace orc::app
