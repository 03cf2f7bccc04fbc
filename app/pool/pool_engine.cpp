#include "app/pool/pool_engine.hpp"

#include "actors/pool/pool.hpp"
#include "actors/schedule/owners.hpp"
#include "app/config/pools.hpp"
#include "app/pool/worker_command.hpp"
#include "embedding/ask.hpp"
#include "embedding/shutdown.hpp"
#include "messages/base/log.hpp"
#include "transport/process/worker_host.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <utility>

namespace orc::app {

namespace {

constexpr logger log{"pools"};

using namespace std::chrono_literals;

/// What the service may take for an answer to one of ours.
constexpr auto patience = 30s;

} // namespace

struct pool_engine::impl {
  explicit impl(caf::actor_system& sys) : system{sys} {
    // nop
  }

  caf::error open(const config& options, const pool_world& world,
                  const pool_choices& choices) {
    auto settings = pools_of(options);
    if (!settings)
      return settings.error();
    if (auto err = keep_schedules_of(options, world, choices))
      return err;
    keeper = std::make_shared<worker_keeper>(options.data);
    host = system.spawn(worker_host, keeper);
    if (auto err = sweep(world.queue))
      return err;
    auto entries = pool_entries_of(options);
    auto binary = own_binary();
    for (std::size_t i = 0; i < settings->size(); ++i) {
      auto& is = (*settings)[i];
      for (std::size_t j = 0; j < is.types.size(); ++j)
        complete_type(is.types[j], entries[i].workers[j], world, binary);
      auto say = [f = choices.say, pool = is.name](const std::string& line) {
        if (f)
          f(pool, line);
      };
      pool_parts parts{world.queue, caf::actor_cast<worker_host_actor>(host),
                       say, choices.exits};
      pools.push_back(caf::actor_cast<pool_actor>(
        system.spawn(pool, std::move(is), std::move(parts))));
    }
    return {};
  }

  /// A run that ends makes no work for itself.
  caf::error keep_schedules_of(const config& options, const pool_world& world,
                               const pool_choices& choices) {
    auto schedules = pool_schedules_of(options);
    if (!schedules)
      return std::move(schedules.error());
    if (choices.exits || (schedules->empty() && !world.schedules))
      return {};
    if (!world.schedules)
      return make_error(ec::bad_config,
                        "schedules are made where the tasks are: put them into "
                        "the service's configuration");
    auto kept = ask<schedule_views>(system, world.schedules,
                                    keep_schedules{std::string{pools_owner},
                                                   std::move(*schedules)});
    return kept ? caf::error{} : std::move(kept.error());
  }

  /// What the workers of an earlier process had goes back at once.
  caf::error sweep(const work_queue_actor& queue) {
    auto swept = ask<swept_workers>(
      system, caf::actor_cast<worker_host_actor>(host), sweep_workers{});
    if (!swept)
      return swept.error();
    if (swept->files + swept->orphans > 0)
      log.warn("swept", "pid-files={} orphans={}", swept->files,
               swept->orphans);
    for (const auto& worker : swept->workers)
      if (auto lost
          = ask<lost_tasks>(system, queue, lose_worker{worker}, patience);
          !lost)
        // Their lease ends.
        log.warn("tasks-not-given-back", "worker={} error=\"{}\"", worker,
                 message_of(lost.error()));
    return {};
  }

  caf::expected<std::vector<pool_ended>> stop() {
    caf::scoped_actor self{system};
    std::vector<pool_ended> result;
    caf::error problem;
    // All at once, so that graces run side by side.
    for (const auto& x : pools)
      self->send(x, stop_pool{});
    for (const auto& x : pools)
      self->request(x, caf::infinite, await_pool{})
        .receive([&](const pool_ended& y) { result.push_back(y); },
                 [&](const caf::error& err) { problem = err; });
    if (problem)
      return problem;
    return result;
  }

  void watch(std::function<void()> f) {
    shut_down(system, {watcher});
    watcher = nullptr;
    if (!f)
      return;
    watcher = system.spawn([xs = pools, f](caf::event_based_actor* self) {
      auto left = std::make_shared<std::size_t>(xs.size());
      auto count = [=] {
        if (--*left == 0)
          f();
      };
      for (const auto& x : xs)
        self->request(x, caf::infinite, await_pool{})
          .then([=](const pool_ended&) { count(); },
                [=](const caf::error&) { count(); });
      return caf::behavior{[](caf::unit_t) {
        // It listens to nothing but the end.
      }};
    });
  }

  ~impl() {
    watch(nullptr);
    std::ignore = stop();
    std::vector<caf::actor> all;
    for (const auto& x : pools)
      all.push_back(caf::actor_cast<caf::actor>(x));
    all.push_back(caf::actor_cast<caf::actor>(host));
    shut_down(system, all);
  }

  caf::actor_system& system;
  std::shared_ptr<worker_keeper> keeper;
  worker_host_self host;
  std::vector<pool_actor> pools;
  caf::actor watcher;
};

pool_engine::pool_engine(std::unique_ptr<impl> x) : impl_{std::move(x)} {
  // nop
}

pool_engine::~pool_engine() = default;

caf::expected<std::unique_ptr<pool_engine>>
pool_engine::start(caf::actor_system& system, const config& options,
                   const pool_world& world, pool_choices choices) {
  auto result = std::make_unique<impl>(system);
  if (auto err = result->open(options, world, choices))
    return err;
  return std::unique_ptr<pool_engine>{new pool_engine{std::move(result)}};
}

void pool_engine::on_end(std::function<void()> f) {
  impl_->watch(std::move(f));
}

caf::expected<std::vector<pool_ended>> pool_engine::stop() {
  return impl_->stop();
}

const std::vector<pool_actor>& pool_engine::pools() const noexcept {
  return impl_->pools;
}

} // namespace orc::app
