#include "app/service/service.hpp"

#include "actors/batch/batches.hpp"
#include "actors/budget/budgets.hpp"
#include "actors/event/events.hpp"
#include "actors/history/history.hpp"
#include "actors/hooks/hooks.hpp"
#include "actors/operator/operators.hpp"
#include "actors/orchestrator/orchestrator.hpp"
#include "actors/reader/readings.hpp"
#include "actors/splitter/splits.hpp"
#include "actors/task/tasks.hpp"
#include "actors/task_runner/task_runner.hpp"
#include "app/config/listen_address.hpp"
#include "app/config/load.hpp"
#include "app/config/webhooks.hpp"
#include "app/service/ask.hpp"
#include "app/service/kvs_store.hpp"
#include "app/service/shutdown.hpp"
#include "persistence/memory/money_store.hpp"
#include "persistence/memory/run_store.hpp"
#include "persistence/sqlite/open.hpp"
#include "persistence/sqlite/task_store.hpp"
#include "transport/apify/apify_api.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/hooks/hook_sender.hpp"
#include "transport/http/client.hpp"
#include "transport/operators/operator_caller.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <mutex>
#include <vector>

namespace orc::app {

namespace {

/// How long the end waits for webhooks. What is left is in the store: the next
/// process delivers it. A receiver that is down costs nothing, since nothing is
/// due for it.
constexpr std::chrono::seconds drain_patience{5};

struct system_config : caf::actor_system_config {
  system_config() {
    // No idle CPU and the better tail, see docs/adr on the two runtimes. What
    // takes long waits for the platform or the disk, not for these threads.
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 2);
    set("logger.verbosity", caf::atom("quiet"));
  }
};

} // namespace

struct service::impl {
  /// Makes the APIFY API of an account. Called by the ORCHESTRATOR, on its
  /// thread.
  apify_api_actor connect(const account_settings& account) {
    auto api = system.spawn(apify_api, client, account);
    std::lock_guard guard{mutex};
    apis.push_back(api);
    return api;
  }

  /// Opens the store and lets `step` work on it.
  caf::error prepare(const config& options, const store_step& step) {
    auto rules = settings_of(options);
    if (!rules.accounts.empty())
      own_api = system.spawn(apify_api, client, rules.accounts.front());
    auto opened = open_store(options);
    if (!opened)
      return opened.error();
    store = *opened;
    return step ? step(system, store) : caf::error{};
  }

  caf::error open(const config& options, const store_step& before,
                  const health_step& recovering) {
    if (auto err = prepare(options, before))
      return err;
    if (auto err = open_hooks(options))
      return err;
    events = system.spawn(orc::events);
    open_money(options);
    orchestrator_parts parts;
    parts.store = store;
    parts.events = events;
    parts.budgets = budgets;
    parts.connect = [this](const account_settings& x) { return connect(x); };
    orchestrator = system.spawn(orc::orchestrator, settings_of(options), parts);
    if (recovering)
      recovering(system, caf::actor_cast<health_actor>(orchestrator));
    open_splits(options);
    open_batches(options);
    if (auto err = open_tasks(options))
      return err;
    readings = system.spawn(orc::readings,
                            run_source_parts{orchestrator, own_api, own_api});
    // A store that cannot be taken up is an error of the command line's user.
    auto ready = ask<account_views>(system, orchestrator, get_accounts{});
    return ready ? caf::error{} : ready.error();
  }

  caf::expected<run_store_actor> open_store(const config& options) {
    if (options.store == store_kind::memory)
      return run_store_actor{system.spawn(memory_run_store)};
    if (options.store == store_kind::kvs)
      return open_kvs_store(system, options, own_api,
                            [this] { taken_over = true; });
    return open_sqlite_store(system, {options.data, options.seal_key,
                                      options.full_check});
  }

  /// Before the first step of a run: what happens is owed from now on.
  caf::error open_hooks(const config& options) {
    auto configured = webhooks_of(options);
    if (!configured)
      return configured.error();
    if (options.store == store_kind::kvs)
      return configured->empty()
               ? caf::error{}
               : make_error(ec::bad_config, "webhooks need a store on disk: "
                                            "leave [[webhooks]] out, or take "
                                            "another store");
    follow_hooks request;
    for (const auto& x : *configured)
      request.hooks.push_back(x.filter);
    auto owed_in = caf::actor_cast<hook_store_actor>(store);
    if (auto done = ask<saved>(system, owed_in, std::move(request)); !done)
      return done.error();
    sender = system.spawn(hook_sender, hook_http);
    hooks = system.spawn(orc::hooks, std::move(*configured),
                         hooks_parts{owed_in, sender},
                         std::chrono::hours{24 * options.retention_days});
    return {};
  }

  /// How lists were cut is kept where runs are; on the platform's own store
  /// there is no place for it, and lists are refused.
  void open_splits(const config& options) {
    if (options.store == store_kind::kvs)
      return;
    split_store = caf::actor_cast<split_store_actor>(store);
    splits = system.spawn(orc::splits,
                          splits_parts{orchestrator, split_store, own_api,
                                       options.fixed_input.size()});
  }

  /// The platform's own store has no place for them either.
  void open_batches(const config& options) {
    if (options.store == store_kind::kvs)
      return;
    batches = system.spawn(
      orc::batches,
      batches_parts{orchestrator, store,
                    caf::actor_cast<batch_store_actor>(store), events});
  }

  /// Nor for tasks.
  caf::error open_tasks(const config& options) {
    if (options.store == store_kind::kvs)
      return {};
    auto folder = std::filesystem::path{};
    if (options.store == store_kind::sqlite)
      folder = options.data;
    auto opened = open_task_store(system, folder);
    if (!opened)
      return opened.error();
    task_store = *opened;
    tasks
      = system.spawn(orc::tasks, task_store, tasks_config{options.tasks.lease});
    // A URL that somebody else can set must lead to no neighbour of ours,
    // unless that somebody is on this machine, or it is wished.
    http::client_options rules;
    rules.public_only
      = !options.tasks.allow_private && !listens_on_loopback(options.listen);
    operator_http = std::make_shared<http::client>(runtime, rules);
    caller = system.spawn(operator_caller, operator_http);
    operators = system.spawn(orc::operators,
                             operators_config{options.tasks.lease,
                                              options.tasks.virtual_operator,
                                              options.tasks.virtual_token},
                             operators_parts{tasks, task_store, caller});
    runner = system.spawn(task_runner, task_runner_parts{tasks, orchestrator},
                          options.tasks.lease);
    return {};
  }

  /// Money is kept beside the runs where that can be.
  void open_money(const config& options) {
    if (options.store == store_kind::sqlite)
      money = caf::actor_cast<money_store_actor>(store);
    else
      money = system.spawn(memory_money_store);
    auto patience = options.timing.cost_patience;
    history = system.spawn(orc::history, money, events, patience);
    budgets
      = system.spawn(orc::budgets,
                     budgets_config{budgets_of(options.budgets), patience},
                     budgets_parts{money, store, events, history});
  }

  void watch(std::function<void()> f) {
    // Waits until the last one is gone, so that its function may be, too.
    shut_down(system, {watcher});
    watcher = nullptr;
    if (!f)
      return;
    auto watched = orchestrator;
    watcher = system.spawn([=](caf::event_based_actor* self) {
      self->monitor(watched);
      self->set_down_handler([=](const caf::down_msg&) {
        f();
        self->quit();
      });
      return caf::behavior{[](caf::unit_t) {
        // It listens to nothing but the end.
      }};
    });
  }

  ~impl() {
    // First the one that would take what follows for an accident.
    watch(nullptr);
    shut_down(system, {caf::actor_cast<caf::actor>(runner),
                       caf::actor_cast<caf::actor>(operators),
                       caf::actor_cast<caf::actor>(caller),
                       caf::actor_cast<caf::actor>(tasks),
                       caf::actor_cast<caf::actor>(splits),
                       caf::actor_cast<caf::actor>(batches),
                       caf::actor_cast<caf::actor>(readings)});
    std::vector<caf::actor> front;
    front.push_back(caf::actor_cast<caf::actor>(orchestrator));
    shut_down(system, front);
    if (hooks)
      std::ignore = ask<saved>(system, hooks, drain_hooks{drain_patience});
    std::vector<caf::actor> rest;
    for (const auto& api : apis)
      rest.push_back(caf::actor_cast<caf::actor>(api));
    rest.push_back(caf::actor_cast<caf::actor>(hooks));
    rest.push_back(caf::actor_cast<caf::actor>(sender));
    rest.push_back(caf::actor_cast<caf::actor>(budgets));
    rest.push_back(caf::actor_cast<caf::actor>(history));
    rest.push_back(caf::actor_cast<caf::actor>(events));
    rest.push_back(caf::actor_cast<caf::actor>(money));
    rest.push_back(caf::actor_cast<caf::actor>(store));
    rest.push_back(caf::actor_cast<caf::actor>(task_store));
    shut_down(system, rest);
    // What a store keeps on the platform goes through it to the last.
    shut_down(system, {caf::actor_cast<caf::actor>(own_api)});
    client->stop();
    hook_http->stop();
    if (operator_http)
      operator_http->stop();
    runtime.stop();
  }

  system_config settings;
  // First, so that it goes last: actors hold the client until they end.
  io_runtime runtime;
  caf::actor_system system{settings};
  std::shared_ptr<http::client> client
    = std::make_shared<http::client>(runtime, http::client_options{});
  std::shared_ptr<hook_clients> hook_http
    = std::make_shared<hook_clients>(runtime);
  hook_sender_actor sender;
  hooks_actor hooks;
  split_store_actor split_store;
  splits_actor splits;
  batches_actor batches;
  task_store_actor task_store;
  tasks_actor tasks;
  std::shared_ptr<http::client> operator_http;
  operator_caller_actor caller;
  operators_actor operators;
  task_runner_actor runner;
  readings_actor readings;
  /// Of the default account, besides the one of the ORCHESTRATOR.
  apify_api_inbox own_api;
  run_store_actor store;
  std::atomic<bool> taken_over = false;
  events_actor events;
  money_store_actor money;
  history_actor history;
  budgets_actor budgets;
  orchestrator_actor orchestrator;
  caf::actor watcher;
  std::mutex mutex;
  std::vector<apify_api_actor> apis;
};

service::service(std::unique_ptr<impl> x) : impl_{std::move(x)} {
  // nop
}

service::~service() = default;

caf::error
service::change_store(const config& options, const store_step& change) {
  return std::make_unique<impl>()->prepare(options, change);
}

caf::expected<std::unique_ptr<service>>
service::open(const config& options, const store_step& before,
              const health_step& recovering) {
  auto result = std::make_unique<impl>();
  if (auto err = result->open(options, before, recovering))
    return err;
  return std::unique_ptr<service>{new service{std::move(result)}};
}

caf::actor_system& service::system() noexcept {
  return impl_->system;
}

io_runtime& service::runtime() noexcept {
  return impl_->runtime;
}

const std::shared_ptr<http::client>& service::client() const noexcept {
  return impl_->client;
}

const orchestrator_actor& service::orchestrator() const noexcept {
  return impl_->orchestrator;
}

const events_actor& service::events() const noexcept {
  return impl_->events;
}

health_actor service::health() const {
  return caf::actor_cast<health_actor>(impl_->orchestrator);
}

const run_store_actor& service::store() const noexcept {
  return impl_->store;
}

const split_store_actor& service::split_store() const noexcept {
  return impl_->split_store;
}

const splits_actor& service::splits() const noexcept {
  return impl_->splits;
}

const readings_actor& service::readings() const noexcept {
  return impl_->readings;
}

const batches_actor& service::batches() const noexcept {
  return impl_->batches;
}

const tasks_actor& service::tasks() const noexcept {
  return impl_->tasks;
}

const task_store_actor& service::task_store() const noexcept {
  return impl_->task_store;
}

const operators_actor& service::operators() const noexcept {
  return impl_->operators;
}

const hooks_actor& service::hooks() const noexcept {
  return impl_->hooks;
}

apify_api_actor service::api() const {
  return impl_->own_api;
}

apify_storage_actor service::storage() const {
  return impl_->own_api;
}

bool service::is_taken_over() const noexcept {
  return impl_->taken_over;
}

void service::on_death(std::function<void()> f) {
  impl_->watch(std::move(f));
}

caf::expected<reloaded> service::reload(const config& options) {
  auto rules = settings_of(options);
  // The ORCHESTRATOR's APIFY APIs are its own affair.
  if (impl_->own_api && !rules.accounts.empty())
    caf::anon_send(impl_->own_api, change_token{rules.accounts.front().token});
  return ask<reloaded>(
    system(), caf::actor_cast<reloading_actor>(orchestrator()),
    reload_settings{rules.accounts, budgets_of(options.budgets)});
}

caf::expected<account_stopped> service::stop(bool abort) {
  return ask<account_stopped>(system(), orchestrator(), stop_service{abort});
}

} // namespace orc::app
