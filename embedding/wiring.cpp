#include "embedding/wiring.hpp"

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
#include "embedding/ask.hpp"
#include "embedding/bound_sender.hpp"
#include "embedding/shutdown.hpp"
#include "embedding/stores.hpp"
#include "messages/reload.hpp"
#include "transport/apify/apify_api.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/hooks/hook_sender.hpp"
#include "transport/http/client.hpp"
#include "transport/http/server.hpp"
#include "transport/operators/operator_caller.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include <tuple>
#include <utility>

namespace orc {

namespace {

/// How long the end waits for webhooks. What is left is in the store: the next
/// process delivers it. A receiver that is down costs nothing, since nothing is
/// due for it.
constexpr std::chrono::seconds drain_patience{5};

/// URLs that somebody else can set must lead to no neighbour of ours, unless
/// that somebody is on this machine, or it is wished.
http::client_options reach(bool allow_private) {
  http::client_options result;
  result.public_only = !allow_private;
  return result;
}

/// Each client that waits at the gateway for a run or a log has a connection of
/// its own to the platform: with fewer than clients, all others wait in line.
http::client_options as_many_as_clients() {
  http::client_options result;
  result.max_connections = http::server_options{}.max_connections;
  return result;
}

template <class... Handles>
void end(caf::actor_system& system, const Handles&... xs) {
  shut_down(system, {caf::actor_cast<caf::actor>(xs)...});
}

} // namespace

wiring::wiring(caf::actor_system& system, const orchestrator_options& options)
  : system_{system}, options_{options}, runtime_{options.runtime} {
  if (!runtime_)
    runtime_ = make_runtime();
  client_ = make_sender<http::client>(runtime_, as_many_as_clients());
}

// -- opening ------------------------------------------------------------------

platform_access wiring::access(const account_settings& account) {
  if (options_.connect)
    return options_.connect(account);
  // Connections of its own, more than its TRACKER has long polls: whatever
  // waits there, and at whichever account, starts and aborts go out at once.
  auto client = make_sender<http::client>(runtime_, http::client_options{});
  auto api = system_.spawn(apify_api, client, account);
  std::lock_guard guard{mutex_};
  account_clients_.push_back(std::move(client));
  return {api, api};
}

/// Makes the APIFY API of an account. Called by the ORCHESTRATOR, on its
/// thread.
apify_api_actor wiring::connect(const account_settings& account) {
  auto made = access(account);
  std::lock_guard guard{mutex_};
  accesses_.push_back(made);
  return made.api;
}

caf::error wiring::prepare() {
  if (auto err = options_.validate())
    return err;
  if (!options_.settings.accounts.empty())
    actors_.own = access(options_.settings.accounts.front());
  auto opened = open_store(system_, options_.store, actors_.own.storage,
                           [this] { taken_over_ = true; });
  if (!opened)
    return std::move(opened.error());
  actors_.stores = std::move(*opened);
  return options_.before ? options_.before(system_, actors_.stores.runs)
                         : caf::error{};
}

caf::error wiring::open() {
  if (auto err = prepare())
    return err;
  if (auto err = open_hooks())
    return err;
  actors_.events = system_.spawn(events);
  open_money();
  open_orchestrator();
  open_splits();
  open_batches();
  open_tasks();
  open_readings();
  // A store that cannot be taken up is an error of whoever opens it.
  auto ready
    = ask<account_views>(system_, actors_.orchestrator, get_accounts{});
  if (!ready)
    return std::move(ready.error());
  if (auto err = open_walks())
    return err;
  open_chores();
  return {};
}

/// Before the first step of a run: what happens is owed from now on.
caf::error wiring::open_hooks() {
  const auto& store = actors_.stores.hooks;
  if (!store)
    return options_.webhooks.empty() && options_.outboxes.empty()
             ? caf::error{}
             : make_error(ec::bad_config,
                          "webhooks and a bus need a store on disk: leave "
                          "[[webhooks]] and [nats] out, or take another "
                          "store");
  follow_hooks request;
  for (const auto& x : options_.webhooks)
    request.hooks.push_back(x.filter);
  for (const auto& x : options_.outboxes)
    request.hooks.push_back(x);
  auto done = ask<saved>(system_, store, std::move(request));
  if (!done)
    return std::move(done.error());
  hook_http_ = make_sender<hook_clients>(runtime_);
  sender_ = system_.spawn(hook_sender, hook_http_);
  actors_.hooks
    = system_.spawn(hooks, options_.webhooks, hooks_parts{store, sender_},
                    options_.keep_deliveries);
  return {};
}

/// Money is kept beside the runs where that can be.
void wiring::open_money() {
  auto ledger = actors_.stores.ledger;
  auto samples = actors_.stores.samples;
  if (!ledger || !samples)
    money_ = system_.spawn(memory_money_store);
  if (!ledger)
    ledger = money_;
  if (!samples)
    samples = money_;
  auto patience = options_.cost_patience;
  history_ = system_.spawn(history, samples, actors_.events, patience);
  budgets_ = system_.spawn(budgets, budgets_config{options_.budgets, patience},
                           budgets_parts{ledger, actors_.stores.runs,
                                         actors_.events, history_});
}

void wiring::open_orchestrator() {
  orchestrator_parts parts;
  parts.store = actors_.stores.runs;
  parts.events = actors_.events;
  parts.budgets = budgets_;
  parts.connect = [this](const account_settings& x) { return connect(x); };
  actors_.orchestrator
    = system_.spawn(orchestrator, options_.settings, std::move(parts));
  if (options_.recovering)
    options_.recovering(system_,
                        caf::actor_cast<health_actor>(actors_.orchestrator));
}

/// How lists were cut is kept where runs are; where there is no place for it,
/// lists are refused.
void wiring::open_splits() {
  if (actors_.stores.splits)
    actors_.splits = system_.spawn(
      splits,
      splits_parts{actors_.orchestrator, actors_.stores.splits, actors_.own.api,
                   options_.settings.fixed_input.view().size()});
}

void wiring::open_batches() {
  const auto& stores = actors_.stores;
  if (stores.batches)
    actors_.batches
      = system_.spawn(batches, batches_parts{actors_.orchestrator, stores.runs,
                                             stores.batches, actors_.events});
}

void wiring::open_tasks() {
  const auto& store = actors_.stores.tasks;
  if (!store)
    return;
  const auto& rules = options_.tasks;
  actors_.tasks = system_.spawn(tasks, store, tasks_config{rules.lease});
  operator_http_
    = make_sender<http::client>(runtime_, reach(rules.allow_private));
  caller_ = system_.spawn(operator_caller, operator_http_);
  actors_.operators = system_.spawn(
    operators,
    operators_config{rules.lease, rules.virtual_operator, rules.virtual_token},
    operators_parts{actors_.tasks, store, caller_});
  actors_.schedules = system_.spawn(schedules, schedules_config{},
                                    schedules_parts{store, actors_.tasks,
                                                    actors_.orchestrator});
  runner_ = system_.spawn(
    task_runner,
    task_runner_parts{actors_.tasks, actors_.orchestrator,
                      caf::actor_cast<task_resets_actor>(store)},
    rules.lease);
}

void wiring::open_readings() {
  actors_.readings = system_.spawn(
    readings, run_source_parts{actors_.orchestrator, actors_.own.api,
                               actors_.own.storage});
}

caf::error wiring::open_walks() {
  if (!options_.walks)
    return {};
  walk_host_parts parts;
  parts.client
    = make_sender<http::client>(runtime_, reach(options_.walks->allow_private));
  parts.readings = actors_.readings;
  parts.storage = actors_.own.storage;
  parts.tasks = actors_.tasks;
  parts.orchestrator = actors_.orchestrator;
  auto opened = walk_host::open(system_, *options_.walks, options_.store,
                                std::move(parts));
  if (!opened)
    return std::move(opened.error());
  walks_ = std::move(*opened);
  return {};
}

void wiring::open_chores() {
  chores_.emplace(system_, options_.chores, actors_.orchestrator,
                  actors_.stores.runs, actors_.tasks, walks());
}

// -- its life -----------------------------------------------------------------

void wiring::change_token(const std::vector<account_settings>& accounts) {
  if (!actors_.own.api || options_.connect)
    return;
  const auto& name = options_.settings.accounts.front().name;
  for (const auto& x : accounts)
    if (x.name == name)
      caf::anon_send(caf::actor_cast<token_holder_actor>(actors_.own.api),
                     orc::change_token{x.token});
}

void wiring::end_walks() {
  walks_.reset();
}

const wired_actors& wiring::actors() const noexcept {
  return actors_;
}

walks_actor wiring::walks() const noexcept {
  return walks_ ? walks_->walks() : walks_actor{};
}

const std::shared_ptr<http::client>& wiring::client() const noexcept {
  return client_;
}

bool wiring::is_taken_over() const noexcept {
  return taken_over_;
}

// -- the end ------------------------------------------------------------------

wiring::~wiring() {
  chores_.reset();
  end_walks();
  end(system_, actors_.schedules, runner_, actors_.operators, caller_,
      actors_.tasks, actors_.splits, actors_.batches, actors_.readings);
  end(system_, actors_.orchestrator);
  if (actors_.hooks)
    std::ignore
      = ask<saved>(system_, actors_.hooks, drain_hooks{drain_patience});
  for (const auto& x : accesses_)
    end(system_, x.api, x.storage);
  end(system_, actors_.hooks, sender_, budgets_, history_, actors_.events,
      money_);
  close_stores();
  // What a store keeps on the platform goes through it to the last.
  end(system_, actors_.own.api, actors_.own.storage);
  stop_network();
}

void wiring::close_stores() {
  if (!std::holds_alternative<store_actors>(options_.store))
    close_store(system_, actors_.stores);
}

void wiring::stop_network() {
  client_->stop();
  for (const auto& x : account_clients_)
    x->stop();
  if (hook_http_)
    hook_http_->stop();
  if (operator_http_)
    operator_http_->stop();
  if (!options_.runtime)
    runtime_->stop();
}

} // namespace orc
