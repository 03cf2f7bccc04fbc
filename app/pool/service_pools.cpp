#include "app/pool/service_pools.hpp"

#include "actors/pool/pools.hpp"
#include "app/config/listen_address.hpp"
#include "app/pool/pool_status.hpp"
#include "app/pool/worker_url.hpp"
#include "embedding/shutdown.hpp"
#include "messages/base/log.hpp"

#include <caf/actor_registry.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>

namespace orc::app {

namespace {

constexpr logger log{"pools"};

} // namespace

service_pools::service_pools(caf::actor_system& system, const config& options,
                             pools_config pools)
  : system_{system}, options_{options}, pools_{std::move(pools)} {
  // nop
}

service_pools::~service_pools() {
  stop();
}

caf::error
service_pools::start(const tasks_actor& tasks, const task_store_actor& store,
                     std::uint16_t port) {
  if (pool_entries_of(pools_).empty())
    return {};
  if (!tasks)
    return make_error(ec::bad_config, "pools need a store on disk: leave "
                                      "[[pools]] out, or take another store");
  auto lock = orchestrator_lock::acquire(options_.data, service_kind);
  if (!lock)
    return lock.error();
  if (!*lock)
    return make_error(ec::store_locked,
                      fmt::format("another process has the pools of {}: stop "
                                  "it with `pool stop`",
                                  options_.data));
  lock_ = std::move(*lock);
  auto address = parse_listen_address(options_.listen);
  if (!address)
    return address.error();
  address->port = port;
  pool_choices choices;
  choices.exits = false;
  choices.say = [](const std::string& pool, const std::string& line) {
    log.info("pool", "name={} says=\"{}\"", pool, line);
  };
  pool_world world{caf::actor_cast<work_queue_actor>(tasks), tasks, store,
                   worker_url(*address), options_.api_token};
  auto engine
    = pool_engine::start(system_, options_.data, pools_, world, choices);
  if (!engine)
    return engine.error();
  engine_ = std::move(*engine);
  handle_ = system_.spawn(orc::pools);
  caf::anon_send(handle_, keep_pools{engine_->pools()});
  system_.registry().put(pools_name,
                         caf::actor_cast<caf::strong_actor_ptr>(handle_));
  return {};
}

void service_pools::stop() {
  if (handle_) {
    system_.registry().erase(pools_name);
    shut_down(system_, {caf::actor_cast<caf::actor>(handle_)});
    handle_ = nullptr;
  }
  engine_.reset();
  lock_.reset();
}

} // namespace orc::app
