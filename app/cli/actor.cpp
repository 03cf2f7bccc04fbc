#include "actors/platform/platform.hpp"
#include "app/actor/actor_job.hpp"
#include "app/actor/own_run.hpp"
#include "app/cli/command_line.hpp"
#include "app/import/npm_import.hpp"
#include "app/service/interrupts.hpp"
#include "app/service/logging.hpp"
#include "app/service/preflight.hpp"
#include "app/service/service.hpp"
#include "embedding/shutdown.hpp"
#include "persistence/npm/npm_record.hpp"
#include "transport/apify/platform_events.hpp"
#include "transport/asio/runtime.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>

namespace orc::app {

namespace {

constexpr auto examples
  = R"(It is what starts without a command where APIFY_IS_AT_HOME is set.
packaging/apify-actor holds the Actor; its INPUT is a plan with options:
  {"runs":[{"name":"shop-1","actor":"me/shop","input":{"page":1}}],
   "fixedInput":{"proxy":{"useApifyProxy":true}},"maxConcurrentRuns":20}
State is kept in the default key-value store: a run that is migrated, rebooted
or resurrected takes up where it was, and starts nothing twice. Try it here:
  apify-orchestrator emulate --actors ./actors)";

/// The PLATFORM and what feeds it, for as long as the job lasts.
class tenancy {
public:
  tenancy(service& host, const config& options)
    : system_{host.system()}, platform_{system_.spawn(
                                platform,
                                platform_config{options.at_home->run_id,
                                                options.abort_on_exit},
                                platform_parts{host.orchestrator(),
                                               host.store().runs,
                                               host.platform().storage})},
      events_{host.runtime(), options.at_home->events_url,
              [to = platform_](const platform_event& x) {
                caf::anon_send(to, x);
              }} {
    // nop
  }

  ~tenancy() {
    shut_down(system_, {caf::actor_cast<caf::actor>(platform_)});
  }

  tenancy(const tenancy&) = delete;
  tenancy& operator=(const tenancy&) = delete;

  const platform_actor& actor() const noexcept {
    return platform_;
  }

private:
  caf::actor_system& system_;
  platform_actor platform_;
  platform_events events_;
};

/// Reads the INPUT into the options.
caf::expected<actor_plan> read_input(own_run& self, config& options) {
  auto text = self.input();
  if (!text)
    return std::move(text.error());
  auto result = read_actor_input(*text);
  if (result)
    apply(result->input, options);
  return result;
}

/// Takes over what the npm library has left in the default key-value store.
caf::error
import_if_asked(caf::actor_system& system, const run_store_actor& store,
                const config& options, const actor_plan& work, own_run& self) {
  const auto& input = work.input;
  if (input.import_client.empty())
    return {};
  auto body = self.record(options.kvs.prefix + input.import_client + "-RUNS");
  if (!body)
    return std::move(body.error());
  auto found = read_npm_record(*body, input.import_key);
  if (!found)
    return std::move(found.error());
  auto runs = runs_to_import(*found, settings_of(options), work.work,
                             input.fixed_input);
  if (!runs)
    return std::move(runs.error());
  auto done = import_runs(system, store, *runs);
  return done ? caf::error{} : std::move(done.error());
}

caf::expected<std::unique_ptr<service>>
open_service(const config& options, const actor_plan& work, own_run& self) {
  start_logging(options.log);
  if (auto err = check_accounts(accounts_of(options), work.work.accounts()))
    return err;
  return service::open(options, [&](auto& system, const auto& store) {
    return import_if_asked(system, store, options, work, self);
  });
}

/// @returns `bad_usage`, after people were told on the platform, too.
int refuse(own_run& self, const caf::error& why) {
  self.say_last(message_of(why));
  return fail(why);
}

int actor(const config_flags& flags) {
  auto options = flags.load();
  if (!options)
    return fail(options.error());
  if (!options->at_home)
    return fail("`actor` is for the inside of an Apify actor, where "
                "APIFY_IS_AT_HOME and ACTOR_RUN_ID are set; elsewhere use "
                "`run` or `serve`");
  auto accounts = accounts_of(*options);
  if (accounts.empty())
    return fail("APIFY_TOKEN is not set: the platform sets it for every run");
  interrupts stop;
  io_runtime runtime;
  own_run self{runtime, accounts.front(), *options->at_home};
  auto work = read_input(self, *options);
  if (!work)
    return refuse(self, work.error());
  options->store = store_kind::kvs;
  auto host = open_service(*options, *work, self);
  if (!host)
    return refuse(self, host.error());
  tenancy at_home{**host, *options};
  actor_job job{**host, *work, *options->at_home, at_home.actor(), stop};
  return job.run();
}

} // namespace

void add_actor(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "actor", "Runs the plan of its INPUT as an Apify actor on the platform.");
  config_flags flags{*command};
  flags.add("--api", "URL", "base_url")
    .add("--token", "T", "token")
    .add("--prefix", "PREFIX", "kvs.prefix")
    .add_switch("--abort-on-exit", "abort_on_exit")
    .add_logging();
  command->footer(examples);
  command->callback([=, &action] { action = [=] { return actor(flags); }; });
}

} // namespace orc::app
