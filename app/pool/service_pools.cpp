#include "app/pool/service_pools.hpp"

#include "actors/pool/pools.hpp"
#include "actors/schedule/owners.hpp"
#include "app/config/listen_address.hpp"
#include "app/config/pools.hpp"
#include "app/pool/pool_status.hpp"
#include "app/pool/worker_url.hpp"
#include "embedding/ask.hpp"
#include "embedding/shutdown.hpp"
#include "messages/base/log.hpp"

#include <caf/send.hpp>
#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace orc::app {

namespace {

constexpr logger log{"pools"};

/// @returns what nobody can guess, and a URL may have as it is.
secret random_token() {
  std::array<unsigned char, 32> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0)
      != static_cast<ssize_t>(bytes.size()))
    throw std::system_error{errno, std::generic_category(), "getrandom"};
  return secret{fmt::format("{:02x}", fmt::join(bytes, ""))};
}

} // namespace

service_pools::service_pools(caf::actor_system& system, const config& options)
  : system_{system}, options_{options}, handle_{system.spawn(orc::pools)} {
  if (!pool_entries_of(options).empty())
    token_ = random_token();
}

service_pools::~service_pools() {
  stop();
}

caf::error
service_pools::start(const tasks_actor& tasks, const schedules_actor& schedules,
                     std::uint16_t port) {
  if (pool_entries_of(options_).empty())
    return forget_schedules(schedules);
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
  pool_world world{caf::actor_cast<work_queue_actor>(tasks), schedules,
                   worker_url(*address), token_, !options_.api_token.empty()};
  auto engine = pool_engine::start(system_, options_, world, choices);
  if (!engine)
    return engine.error();
  engine_ = std::move(*engine);
  caf::anon_send(handle_, keep_pools{engine_->pools()});
  return {};
}

caf::error service_pools::forget_schedules(const schedules_actor& schedules) {
  if (!schedules)
    return {};
  auto kept = ask<schedule_views>(system_, schedules,
                                  keep_schedules{std::string{pools_owner}, {}});
  return kept ? caf::error{} : std::move(kept.error());
}

void service_pools::stop() {
  shut_down(system_, {caf::actor_cast<caf::actor>(handle_)});
  handle_ = nullptr;
  engine_.reset();
  lock_.reset();
}

} // namespace orc::app
