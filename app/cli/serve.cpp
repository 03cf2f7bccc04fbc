#include "app/cli/command_line.hpp"
#include "app/config/listen_address.hpp"
#include "app/config/load.hpp"
#include "app/pool/service_pools.hpp"
#include "app/service/api_wiring.hpp"
#include "app/service/bus.hpp"
#include "app/service/heartbeat.hpp"
#include "app/service/interrupts.hpp"
#include "app/service/kept_schedules.hpp"
#include "app/service/logging.hpp"
#include "app/service/notifier.hpp"
#include "app/service/open_files.hpp"
#include "app/service/preflight.hpp"
#include "app/service/reloader.hpp"
#include "app/service/service.hpp"
#include "embedding/chores.hpp"
#include "messages/base/log.hpp"
#include "transport/server/api_server.hpp"

#include <caf/actor_system.hpp>
#include <fmt/format.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

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
the next `serve` with the same --data, unless --abort-on-exit.
SIGHUP reads the configuration again: tokens, accounts and their caps, budgets,
[[schedules]], [log], report_interval, retention_days and abort_on_exit change at
once; what needs a restart, such as pools, is named in the log, option by option.
A service manager that sets NOTIFY_SOCKET is told when it is ready, that it lives
and what it does, as sd_notify(3) says.

Exit codes: 0 it was stopped, 1 it died or cannot start now (the store cannot be
written or is in use, the port is taken): start it again, 2 bad options or
configuration, a token that the platform refuses, a store that is damaged: no
restart mends that, 130 it was told to stop twice.)";

/// Large stores are read before they are used: 1.5 s a GiB on a good disk.
std::chrono::seconds time_to_open(const config& x) {
  constexpr std::chrono::seconds at_least{90};
  constexpr std::chrono::seconds per_gibibyte{15};
  std::error_code missing;
  auto bytes = std::filesystem::file_size(
    std::filesystem::path{x.data} / "orchestrator.db", missing);
  return missing
           ? at_least
           : at_least + per_gibibyte * static_cast<std::int64_t>(bytes >> 30);
}

/// A platform that swallows what is sent lets five tries of 10 s run out.
std::chrono::seconds time_to_ask(const config& x) {
  return std::chrono::seconds{60} * (accounts_of(x).size() + 1);
}

/// @returns whether the same start may succeed later: a service manager shall
///          try again.
bool may_pass(const caf::error& problem) {
  auto code = code_of(problem);
  return code == ec::store_locked || code == ec::store_failed;
}

/// Says so on standard error, as a line of the log where machines read that,
/// and where `systemctl status` shows it.
int fail_at(const notifier& supervisor, const config& options,
            const caf::error& problem) {
  supervisor.status(message_of(problem));
  if (options.log.format == log_format::json)
    log.error("start-failed", "error=\"{}\"", message_of(problem));
  else
    fail(problem);
  return may_pass(problem) ? some_failed : bad_usage;
}

/// As at the start, but for the address, which stays.
caf::expected<config>
read_again(const config_flags& flags, const std::string& address) {
  auto result = flags.load();
  if (!result)
    return result;
  auto as_now = *result;
  as_now.listen = address;
  if (auto listen = server_options(as_now); !listen)
    return listen.error();
  return result;
}

caf::expected<std::unique_ptr<service_bus>>
open_bus_of(service& host, const config& options, api_server& server) {
  auto result
    = service_bus::open(host, options, server.caller(), api_server::verbs());
  if (result)
    server.show_bus((*result)->status());
  return result;
}

/// Works, and reads the configuration again on SIGHUP, until it shall stop.
/// @returns whether to abort what runs.
bool work(service& host, const config_flags& flags, const config& options,
          api_server& server, std::unique_ptr<service_bus>& bus,
          interrupts& stop, const std::shared_ptr<notifier>& supervisor) {
  std::optional<chores> background;
  auto begin = [&](const config& x) {
    background.emplace(host.system(), chores_of(x), host.orchestrator(),
                       host.store().runs, host.tasks(), host.walks());
  };
  begin(options);
  reload_parts parts;
  parts.read = [&] { return read_again(flags, options.listen); };
  parts.change_access = [&](const config& x) {
    auto tokens = std::vector<secret>{};
    if (!x.api_token.empty())
      tokens.push_back(x.api_token);
    server.change_access(std::move(tokens), accounts_of(x));
  };
  parts.change_chores = [&](const config& x) {
    background.reset();
    begin(x);
  };
  parts.change_schedules = [&](const config& x) {
    return keep_file_schedules(host.system(), host.schedules(), x);
  };
  parts.change_bus = [&](const config& x) {
    server.show_bus({});
    bus->stop();
    auto next = open_bus_of(host, x, server);
    if (next)
      bus = std::move(*next);
    return next ? caf::error{} : std::move(next.error());
  };
  reloader again{host, options, std::move(parts), supervisor};
  while (stop.wait_for_hangup())
    again.run();
  return again.current().abort_on_exit;
}

int serve_until_stopped(service& host, const config_flags& flags,
                        const config& options, const api_server_options& listen,
                        interrupts& stop,
                        const std::shared_ptr<notifier>& supervisor) {
  auto parts = api_parts_of(host, options);
  if (!parts)
    return fail_at(*supervisor, options, parts.error());
  service_pools pools{host.system(), options};
  parts->pools = pools.pools();
  auto access = listen;
  access.worker_token = pools.token();
  api_server server{host.system(), host.runtime(), access, std::move(*parts)};
  if (auto failed = server.listen()) {
    // Whoever has the port may go.
    fail_at(*supervisor, options,
            make_error(ec::bad_config,
                       fmt::format("cannot listen on {}: {}", options.listen,
                                   failed.message())));
    return some_failed;
  }
  if (auto err = keep_file_schedules(host.system(), host.schedules(), options))
    return fail_at(*supervisor, options, err);
  if (auto err = pools.start(host.tasks(), host.schedules(), server.port()))
    return fail_at(*supervisor, options, err);
  auto bus = open_bus_of(host, options, server);
  if (!bus) {
    // Workers end before the API that they work with.
    pools.stop();
    return fail_at(*supervisor, options, bus.error());
  }
  auto url = listen_address{listen.address, server.port()}.url();
  fmt::print("listening on {}\n", url);
  std::fflush(stdout);
  std::atomic<bool> died = false;
  host.on_death([&] {
    died = true;
    stop.request();
  });
  supervisor->ready("listening on " + url);
  auto aborts = work(host, flags, options, server, *bus, stop, supervisor);
  supervisor->stopping();
  host.on_death(nullptr);
  if (died) {
    log.error("orchestrator-died", "start it again: its store knows all");
    return some_failed;
  }
  log.info("stopping", "abort={}", aborts);
  pools.stop();
  server.drain();
  auto stopped = host.stop(aborts);
  (*bus)->stop();
  server.stop();
  if (!stopped)
    return fail_at(*supervisor, options, stopped.error());
  log.info("stopped", "aborted={}", stopped->aborted);
  return all_succeeded;
}

int serve(const config_flags& flags) {
  auto supervisor = std::make_shared<notifier>(process_environment());
  auto options = flags.load();
  if (!options) {
    supervisor->status(message_of(options.error()));
    return fail(options.error());
  }
  start_logging(options->log);
  auto listen = server_options(*options);
  if (!listen)
    return fail_at(*supervisor, *options, listen.error());
  raise_file_limit();
  interrupts stop;
  stop.take_hangups();
  // A file that may grow no more is a disk that is full: an error, no end.
  std::signal(SIGXFSZ, SIG_IGN);
  supervisor->status("asking the platform whether the tokens are right");
  supervisor->extend(time_to_ask(*options));
  if (auto err = check_all_accounts(accounts_of(*options)))
    return fail_at(*supervisor, *options, err);
  supervisor->status("opening the store");
  supervisor->extend(time_to_open(*options));
  auto host = service::open(
    *options, {},
    [&](caf::actor_system& system, const health_actor& x) {
      if (supervisor->is_listened_to())
        system.spawn(heartbeat, x, std::shared_ptr<const notifier>{supervisor});
    },
    walks_of(*options, true));
  if (!host)
    return fail_at(*supervisor, *options, host.error());
  return serve_until_stopped(**host, flags, *options, *listen, stop,
                             supervisor);
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
    .add("--nats", "URL", "nats.url")
    .add("--nats-instance", "NAME", "nats.instance")
    .add_switch("--abort-on-exit", "abort_on_exit")
    .add_logging();
  command->footer(examples);
  command->callback([=, &action] { action = [=] { return serve(flags); }; });
}

} // namespace orc::app
