#pragma once

#include "app/config/config.hpp"
#include "app/pool/pool_engine.hpp"
#include "messages/pool/pools.hpp"
#include "messages/schedule/schedules.hpp"
#include "messages/task/tasks.hpp"
#include "transport/process/orchestrator_lock.hpp"

#include <caf/actor_system.hpp>

#include <memory>
#include <optional>

namespace orc::app {

/// The pools that a service has besides all else.
class service_pools {
public:
  /// @param options must outlive it.
  service_pools(caf::actor_system& system, const config& options);

  /// Ends all workers.
  ~service_pools();

  service_pools(const service_pools&) = delete;
  service_pools& operator=(const service_pools&) = delete;

  /// Starts them.
  /// @pre the API knows `token`
  /// @param port of the service's API.
  /// @returns `ec::store_locked` if another process has pools in the directory.
  [[nodiscard]] caf::error
  start(const tasks_actor& tasks, const schedules_actor& schedules,
        std::uint16_t port);

  /// @returns whom to ask how they stand.
  const pools_actor& pools() const noexcept {
    return handle_;
  }

  /// @returns what their workers show to the API, however often that of its
  ///          clients changes; "" if there are no pools.
  const secret& token() const noexcept {
    return token_;
  }

  /// Ends all workers; the API has to be there until then.
  void stop();

private:
  /// Those that a configuration before this one had.
  caf::error forget_schedules(const schedules_actor& schedules);

  caf::actor_system& system_;
  const config& options_;
  secret token_;
  pools_actor handle_;
  std::optional<orchestrator_lock> lock_;
  std::unique_ptr<pool_engine> engine_;
};

} // namespace orc::app
