#include "embedding/orchestrator.hpp"

#include "actors/batch/batches.hpp"
#include "actors/budget/budgets.hpp"
#include "actors/event/events.hpp"
#include "actors/history/history.hpp"
#include "actors/hooks/hooks.hpp"
#include "actors/operator/operators.hpp"
#include "actors/orchestrator/orchestrator.hpp"
#include "actors/reader/readings.hpp"
#include "actors/schedule/schedules.hpp"
#include "actors/splitter/splits.hpp"
#include "actors/task/tasks.hpp"
#include "actors/task_runner/task_runner.hpp"
#include "embedding/ask.hpp"
#include "embedding/chores.hpp"
#include "embedding/shutdown.hpp"
#include "embedding/stores.hpp"
#include "embedding/walks/walk_host.hpp"
#include "persistence/memory/money_store.hpp"
#include "transport/apify/apify_api.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/hooks/hook_sender.hpp"
#include "transport/http/client.hpp"
#include "transport/operators/operator_caller.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <mutex>
#include <optional>
#include <vector>

namespace orc {

namespace {

/// How long the end waits for webhooks. What is left is in the store: the next
/// process delivers it. A receiver that is down costs nothing, since nothing is
/// due for it.
constexpr std::chrono::seconds drain_patience{5};

/// What sends over the network. Whoever holds it holds the thread of sockets,
/// too: actors may keep it a moment longer than the orchestrator lives.
template <class Sender>
struct bound_sender {
  template <class... Ts>
  explicit bound_sender(std::shared_ptr<io_runtime> runtime, Ts&&... xs)
    : thread{std::move(runtime)}, sender{*thread, std::forward<Ts>(xs)...} {
    // nop
  }

  std::shared_ptr<io_runtime> thread;
  Sender sender;
};

template <class Sender, class... Ts>
std::shared_ptr<Sender>
make_sender(const std::shared_ptr<io_runtime>& runtime, Ts&&... xs) {
  auto bound
    = std::make_shared<bound_sender<Sender>>(runtime, std::forward<Ts>(xs)...);
  return {bound, &bound->sender};
}

template <class... Handles>
void end(caf::actor_system& system, const Handles&... xs) {
  shut_down(system, {caf::actor_cast<caf::actor>(xs)...});
}

} // namespace

struct embedded_orchestrator::impl {
  impl(caf::actor_system& host, const orchestrator_options& wishes)
    : system{host}, options{wishes}, runtime{wishes.runtime} {
    if (!runtime)
      runtime = make_runtime();
    client = make_sender<http::client>(runtime, http::client_options{});
  }

  // -- opening ----------------------------------------------------------------

  platform_access access(const account_settings& account) {
    if (options.connect)
      return options.connect(account);
    auto api = system.spawn(apify_api, client, account);
    return {api, api};
  }

  /// Makes the APIFY API of an account. Called by the ORCHESTRATOR, on its
  /// thread.
  apify_api_actor connect(const account_settings& account) {
    auto made = access(account);
    std::lock_guard guard{mutex};
    accesses.push_back(made);
    return made.api;
  }

  /// Opens the store and lets the host work on it.
  caf::error prepare() {
    if (auto err = options.validate())
      return err;
    if (!options.settings.accounts.empty())
      own = access(options.settings.accounts.front());
    auto opened = open_store(system, options.store, own.storage,
                             [this] { taken_over = true; });
    if (!opened)
      return std::move(opened.error());
    stores = std::move(*opened);
    return options.before ? options.before(system, stores.runs) : caf::error{};
  }

  caf::error open() {
    if (auto err = prepare())
      return err;
    if (auto err = open_hooks())
      return err;
    events = system.spawn(orc::events);
    open_money();
    orchestrator_parts parts;
    parts.store = stores.runs;
    parts.events = events;
    parts.budgets = budgets;
    parts.connect = [this](const account_settings& x) { return connect(x); };
    orchestrator
      = system.spawn(orc::orchestrator, options.settings, std::move(parts));
    if (options.recovering)
      options.recovering(system, caf::actor_cast<health_actor>(orchestrator));
    open_splits();
    open_batches();
    open_tasks();
    readings = system.spawn(
      orc::readings, run_source_parts{orchestrator, own.api, own.storage});
    // A store that cannot be taken up is an error of whoever opens it.
    auto ready = ask<account_views>(system, orchestrator, get_accounts{});
    if (!ready)
      return std::move(ready.error());
    if (auto err = open_walks())
      return err;
    background.emplace(system, options.chores, orchestrator, stores.runs, tasks,
                       walks ? walks->walks() : walks_actor{});
    return {};
  }

  /// Before the first step of a run: what happens is owed from now on.
  caf::error open_hooks() {
    if (!stores.hooks)
      return options.webhooks.empty() && options.outboxes.empty()
               ? caf::error{}
               : make_error(ec::bad_config,
                            "webhooks and a bus need a store on disk: leave "
                            "[[webhooks]] and [nats] out, or take another "
                            "store");
    follow_hooks request;
    for (const auto& x : options.webhooks)
      request.hooks.push_back(x.filter);
    for (const auto& x : options.outboxes)
      request.hooks.push_back(x);
    auto done = ask<saved>(system, stores.hooks, std::move(request));
    if (!done)
      return std::move(done.error());
    hook_http = make_sender<hook_clients>(runtime);
    sender = system.spawn(hook_sender, hook_http);
    hooks = system.spawn(orc::hooks, options.webhooks,
                         hooks_parts{stores.hooks, sender},
                         options.keep_deliveries);
    return {};
  }

  /// How lists were cut is kept where runs are; where there is no place for it,
  /// lists are refused.
  void open_splits() {
    if (stores.splits)
      splits = system.spawn(
        orc::splits, splits_parts{orchestrator, stores.splits, own.api,
                                  options.settings.fixed_input.view().size()});
  }

  void open_batches() {
    if (stores.batches)
      batches
        = system.spawn(orc::batches, batches_parts{orchestrator, stores.runs,
                                                   stores.batches, events});
  }

  void open_tasks() {
    if (!stores.tasks)
      return;
    const auto& rules = options.tasks;
    tasks = system.spawn(orc::tasks, stores.tasks, tasks_config{rules.lease});
    // A URL that somebody else can set must lead to no neighbour of ours,
    // unless that somebody is on this machine, or it is wished.
    http::client_options reach;
    reach.public_only = !rules.allow_private;
    operator_http = make_sender<http::client>(runtime, reach);
    caller = system.spawn(operator_caller, operator_http);
    operators
      = system.spawn(orc::operators,
                     operators_config{rules.lease, rules.virtual_operator,
                                      rules.virtual_token},
                     operators_parts{tasks, stores.tasks, caller});
    schedules
      = system.spawn(orc::schedules, schedules_config{},
                     schedules_parts{stores.tasks, tasks, orchestrator});
    runner = system.spawn(task_runner, task_runner_parts{tasks, orchestrator},
                          rules.lease);
  }

  caf::error open_walks() {
    if (!options.walks)
      return {};
    // As for operators: who else can set a URL must reach no neighbour.
    http::client_options reach;
    reach.public_only = !options.walks->allow_private;
    walk_host_parts parts;
    parts.client = make_sender<http::client>(runtime, reach);
    parts.readings = readings;
    parts.storage = own.storage;
    parts.tasks = tasks;
    parts.orchestrator = orchestrator;
    auto opened = walk_host::open(system, *options.walks, options.store,
                                  std::move(parts));
    if (!opened)
      return std::move(opened.error());
    walks = std::move(*opened);
    return {};
  }

  /// Money is kept beside the runs where that can be.
  void open_money() {
    auto ledger = stores.ledger;
    auto samples = stores.samples;
    if (!ledger || !samples)
      money = system.spawn(memory_money_store);
    if (!ledger)
      ledger = money;
    if (!samples)
      samples = money;
    auto patience = options.cost_patience;
    history = system.spawn(orc::history, samples, events, patience);
    budgets
      = system.spawn(orc::budgets, budgets_config{options.budgets, patience},
                     budgets_parts{ledger, stores.runs, events, history});
  }

  // -- its life ---------------------------------------------------------------

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

  void close_stores() {
    if (std::holds_alternative<store_actors>(options.store))
      return;
    close_store(system, stores);
  }

  ~impl() {
    // First the one that would take what follows for an accident.
    watch(nullptr);
    background.reset();
    walks.reset();
    end(system, schedules, runner, operators, caller, tasks, splits, batches,
        readings);
    end(system, orchestrator);
    if (hooks)
      std::ignore = ask<saved>(system, hooks, drain_hooks{drain_patience});
    for (const auto& x : accesses)
      end(system, x.api, x.storage);
    end(system, hooks, sender, budgets, history, events, money);
    close_stores();
    // What a store keeps on the platform goes through it to the last.
    end(system, own.api, own.storage);
    client->stop();
    if (hook_http)
      hook_http->stop();
    if (operator_http)
      operator_http->stop();
    if (!options.runtime)
      runtime->stop();
  }

  caf::actor_system& system;
  orchestrator_options options;
  std::shared_ptr<io_runtime> runtime;
  std::shared_ptr<http::client> client;
  std::shared_ptr<hook_clients> hook_http;
  std::shared_ptr<http::client> operator_http;
  /// Of the first account, besides the one of the ORCHESTRATOR.
  platform_access own;
  std::atomic<bool> taken_over = false;
  store_actors stores;
  /// Where the store has no place for it.
  money_store_actor money;
  hook_sender_actor sender;
  hooks_actor hooks;
  events_actor events;
  history_actor history;
  budgets_actor budgets;
  orchestrator_actor orchestrator;
  splits_actor splits;
  batches_actor batches;
  tasks_actor tasks;
  operator_caller_actor caller;
  operators_actor operators;
  schedules_actor schedules;
  task_runner_actor runner;
  readings_actor readings;
  std::unique_ptr<walk_host> walks;
  std::optional<chores> background;
  caf::actor watcher;
  std::mutex mutex;
  std::vector<platform_access> accesses;
};

embedded_orchestrator::embedded_orchestrator(std::unique_ptr<impl> x)
  : impl_{std::move(x)} {
  // nop
}

embedded_orchestrator::~embedded_orchestrator() = default;

embedded_orchestrator::embedded_orchestrator(
  embedded_orchestrator&&) noexcept = default;

embedded_orchestrator&
embedded_orchestrator::operator=(embedded_orchestrator&&) noexcept = default;

caf::error
embedded_orchestrator::change_store(caf::actor_system& system,
                                    const orchestrator_options& options) {
  return std::make_unique<impl>(system, options)->prepare();
}

caf::expected<embedded_orchestrator>
embedded_orchestrator::open(caf::actor_system& system,
                            const orchestrator_options& options) {
  auto result = std::make_unique<impl>(system, options);
  if (auto err = result->open())
    return err;
  return embedded_orchestrator{std::move(result)};
}

const orchestrator_actor& embedded_orchestrator::orchestrator() const noexcept {
  return impl_->orchestrator;
}

health_actor embedded_orchestrator::health() const {
  return caf::actor_cast<health_actor>(impl_->orchestrator);
}

const events_actor& embedded_orchestrator::events() const noexcept {
  return impl_->events;
}

const readings_actor& embedded_orchestrator::readings() const noexcept {
  return impl_->readings;
}

const splits_actor& embedded_orchestrator::splits() const noexcept {
  return impl_->splits;
}

const batches_actor& embedded_orchestrator::batches() const noexcept {
  return impl_->batches;
}

const tasks_actor& embedded_orchestrator::tasks() const noexcept {
  return impl_->tasks;
}

const schedules_actor& embedded_orchestrator::schedules() const noexcept {
  return impl_->schedules;
}

const operators_actor& embedded_orchestrator::operators() const noexcept {
  return impl_->operators;
}

const hooks_actor& embedded_orchestrator::hooks() const noexcept {
  return impl_->hooks;
}

walks_actor embedded_orchestrator::walks() const noexcept {
  return impl_->walks ? impl_->walks->walks() : walks_actor{};
}

const store_actors& embedded_orchestrator::store() const noexcept {
  return impl_->stores;
}

const platform_access& embedded_orchestrator::platform() const noexcept {
  return impl_->own;
}

caf::expected<reloaded>
embedded_orchestrator::change(const reload_settings& wishes) {
  // The ORCHESTRATOR's APIFY APIs are its own affair. A host's need not take
  // the change.
  if (impl_->own.api && !impl_->options.connect && !wishes.accounts.empty())
    caf::anon_send(caf::actor_cast<token_holder_actor>(impl_->own.api),
                   change_token{wishes.accounts.front().token});
  return ask<reloaded>(
    impl_->system, caf::actor_cast<reloading_actor>(orchestrator()), wishes);
}

caf::expected<account_stopped> embedded_orchestrator::stop(bool abort) {
  // First, since the end of its runs would be a page's failure.
  impl_->walks.reset();
  return ask<account_stopped>(impl_->system, orchestrator(),
                              stop_service{abort});
}

void embedded_orchestrator::on_death(std::function<void()> f) {
  impl_->watch(std::move(f));
}

bool embedded_orchestrator::is_taken_over() const noexcept {
  return impl_->taken_over;
}

const std::shared_ptr<http::client>&
embedded_orchestrator::client() const noexcept {
  return impl_->client;
}

} // namespace orc
