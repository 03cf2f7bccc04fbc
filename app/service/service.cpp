#include "app/service/service.hpp"

#include "actors/event/events.hpp"
#include "actors/orchestrator/orchestrator.hpp"
#include "app/config/load.hpp"
#include "app/service/ask.hpp"
#include "app/service/kvs_store.hpp"
#include "app/service/shutdown.hpp"
#include "persistence/memory/run_store.hpp"
#include "persistence/sqlite/open.hpp"
#include "transport/apify/apify_api.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/http/client.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>

#include <atomic>
#include <mutex>
#include <vector>

namespace orc::app {

namespace {

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

  caf::error open(const config& options, const store_step& before) {
    if (auto err = prepare(options, before))
      return err;
    events = system.spawn(orc::events);
    orchestrator_parts parts;
    parts.store = store;
    parts.events = events;
    parts.connect = [this](const account_settings& x) { return connect(x); };
    orchestrator = system.spawn(orc::orchestrator, settings_of(options), parts);
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
    std::vector<caf::actor> front;
    front.push_back(caf::actor_cast<caf::actor>(orchestrator));
    shut_down(system, front);
    std::vector<caf::actor> rest;
    for (const auto& api : apis)
      rest.push_back(caf::actor_cast<caf::actor>(api));
    rest.push_back(caf::actor_cast<caf::actor>(events));
    rest.push_back(caf::actor_cast<caf::actor>(store));
    shut_down(system, rest);
    // What a store keeps on the platform goes through it to the last.
    shut_down(system, {caf::actor_cast<caf::actor>(own_api)});
    client->stop();
    runtime.stop();
  }

  system_config settings;
  // First, so that it goes last: actors hold the client until they end.
  io_runtime runtime;
  caf::actor_system system{settings};
  std::shared_ptr<http::client> client
    = std::make_shared<http::client>(runtime, http::client_options{});
  /// Of the default account, besides the one of the ORCHESTRATOR.
  apify_api_inbox own_api;
  run_store_actor store;
  std::atomic<bool> taken_over = false;
  events_actor events;
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
service::open(const config& options, const store_step& before) {
  auto result = std::make_unique<impl>();
  if (auto err = result->open(options, before))
    return err;
  return std::unique_ptr<service>{new service{std::move(result)}};
}

caf::actor_system& service::system() noexcept {
  return impl_->system;
}

io_runtime& service::runtime() noexcept {
  return impl_->runtime;
}

const orchestrator_actor& service::orchestrator() const noexcept {
  return impl_->orchestrator;
}

const events_actor& service::events() const noexcept {
  return impl_->events;
}

const run_store_actor& service::store() const noexcept {
  return impl_->store;
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

caf::expected<account_stopped> service::stop(bool abort) {
  return ask<account_stopped>(system(), orchestrator(), stop_service{abort});
}

} // namespace orc::app
