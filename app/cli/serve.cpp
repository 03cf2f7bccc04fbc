#include "actors/reporter/reporter.hpp"
#include "app/cli/command_line.hpp"
#include "app/config/listen_address.hpp"
#include "app/config/load.hpp"
#include "app/service/ask.hpp"
#include "app/service/group_cleaner.hpp"
#include "app/service/interrupts.hpp"
#include "app/service/logging.hpp"
#include "app/service/preflight.hpp"
#include "app/service/pruner.hpp"
#include "app/service/service.hpp"
#include "app/service/shutdown.hpp"
#include "messages/base/log.hpp"
#include "transport/server/api_server.hpp"

#include <caf/actor_system.hpp>
#include <fmt/format.h>

#include <atomic>
#include <cstdio>

namespace orc::app {

namespace {

constexpr logger log{"serve"};

constexpr auto examples = R"(Examples:
  apify-orchestrator serve
  apify-orchestrator serve --listen 127.0.0.1:0 --data /var/lib/orchestrator
  ORCHESTRATOR_TOKEN=… apify-orchestrator serve --listen 0.0.0.0:8484
Then, from elsewhere:
  curl -d '{"name":"hi","actor":"apify/hello-world"}' \
    http://127.0.0.1:8484/api/v1/runs
  apify-orchestrator wait hi && apify-orchestrator items hi

SIGINT or SIGTERM stops it; runs on the platform go on and are taken up again by
the next `serve` with the same --data, unless --abort-on-exit.)";

caf::expected<api_server_options> server_options(const config& x) {
  auto address = parse_listen_address(x.listen);
  if (!address)
    return address.error();
  api_server_options result;
  result.address = address->host;
  result.port = address->port;
  result.crew_mount = x.tasks.mount;
  result.group_age = std::chrono::hours{24 * x.tasks.keep_groups_days};
  if (!x.api_token.empty())
    result.tokens.push_back(x.api_token);
  if (auto err = result.validate())
    return err;
  return result;
}

/// A wrong token is an error of whoever starts us; a platform that is down is
/// not, and runs wait for it.
caf::error check_tokens(const config& options) {
  auto accounts = accounts_of(options);
  if (accounts.empty())
    log.warn("no-account", "runs must bring their own token");
  for (const auto& account : accounts)
    if (auto err = check_accounts({account}, {account.name})) {
      if (code_of(err) != ec::not_sent)
        return err;
      log.warn("platform-unreachable", "account={} error=\"{}\"", account.name,
               message_of(err));
    }
  return {};
}

/// What a service does by itself while it is up.
class chores {
public:
  chores(service& host, const config& options) : system_{host.system()} {
    if (options.report_interval.count() > 0)
      actors_.push_back(caf::actor_cast<caf::actor>(
        system_.spawn(reporter, host.orchestrator(), options.report_interval)));
    if (options.retention_days > 0)
      actors_.push_back(caf::actor_cast<caf::actor>(
        system_.spawn(pruner, host.store(),
                      std::chrono::hours{24 * options.retention_days})));
    if (host.tasks() && options.tasks.keep_groups_days > 0)
      actors_.push_back(caf::actor_cast<caf::actor>(system_.spawn(
        group_cleaner, host.tasks(),
        std::chrono::hours{24 * options.tasks.keep_groups_days})));
  }

  ~chores() {
    shut_down(system_, actors_);
  }

  chores(const chores&) = delete;
  chores& operator=(const chores&) = delete;

private:
  caf::actor_system& system_;
  std::vector<caf::actor> actors_;
};

/// What serves `/v2/…`, the platform's API with a queue in front.
caf::expected<platform_link>
link_platform(service& host, const config& options) {
  auto store = ask<store_health>(host.system(), host.store(), check_store{});
  if (!store)
    return store.error();
  auto rules = settings_of(options);
  start_store_actor starts;
  if (options.store == store_kind::sqlite)
    starts = caf::actor_cast<start_store_actor>(host.store());
  return platform_link{host.client(), rules.base_url, rules.accounts,
                       host.store(),  starts,         store->instance};
}

int serve_until_stopped(service& host, const config& options,
                        const api_server_options& listen, interrupts& stop) {
  auto platform = link_platform(host, options);
  if (!platform)
    return fail(platform.error());
  api_server server{host.system(), host.runtime(), listen,
                    api_parts{host.orchestrator(), host.events(), host.hooks(),
                              host.splits(), host.readings(), host.batches(),
                              host.tasks(), host.task_store(), host.operators(),
                              std::move(*platform)}};
  if (auto failed = server.listen())
    return fail(
      fmt::format("cannot listen on {}: {}", options.listen, failed.message()));
  chores background{host, options};
  fmt::print("listening on {}\n",
             listen_address{listen.address, server.port()}.url());
  std::fflush(stdout);
  std::atomic<bool> died = false;
  host.on_death([&] {
    died = true;
    stop.request();
  });
  stop.wait();
  host.on_death(nullptr);
  if (died) {
    log.error("orchestrator-died", "start it again: its store knows all");
    return some_failed;
  }
  log.info("stopping", "abort={}", options.abort_on_exit);
  server.drain();
  auto stopped = host.stop(options.abort_on_exit);
  server.stop();
  if (!stopped)
    return fail(stopped.error());
  log.info("stopped", "aborted={}", stopped->aborted);
  return all_succeeded;
}

int serve(const config_flags& flags) {
  auto options = flags.load();
  if (!options)
    return fail(options.error());
  auto listen = server_options(*options);
  if (!listen)
    return fail(listen.error());
  interrupts stop;
  start_logging(options->log);
  if (auto err = check_tokens(*options))
    return fail(err);
  auto host = service::open(*options);
  if (!host)
    return fail(host.error());
  return serve_until_stopped(**host, *options, *listen, stop);
}

} // namespace

void add_serve(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "serve", "Runs the orchestrator as a service with an HTTP API.");
  config_flags flags{*command};
  flags.add("--listen", "ADDRESS:PORT", "listen")
    .add("--api", "URL", "base_url")
    .add("--token", "T", "token")
    .add("--data", "DIR", "data")
    .add("--max-concurrent-runs", "N", "max_concurrent_runs")
    .add("--max-memory", "MB", "max_memory_mbytes")
    .add("--report-interval", "S", "report_interval")
    .add("--retention-days", "D", "retention_days")
    .add("--crew-mount", "PATH", "tasks.mount")
    .add("--task-lease", "S", "tasks.lease")
    .add_switch("--abort-on-exit", "abort_on_exit")
    .add_logging();
  command->footer(examples);
  command->callback([=, &action] { action = [=] { return serve(flags); }; });
}

} // namespace orc::app
