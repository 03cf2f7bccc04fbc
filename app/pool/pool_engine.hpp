#pragma once

#include "app/config/config.hpp"
#include "messages/pool/pool.hpp"
#include "messages/pool/work_queue.hpp"
#include "messages/schedule/schedules.hpp"

#include <caf/expected.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace caf {
class actor_system;
} // namespace caf

namespace orc::app {

/// Whose tasks the pools do, and how their workers reach it.
struct pool_world {
  work_queue_actor queue;
  /// Nobody if they are another service's, or nothing is to be made.
  schedules_actor schedules;
  /// Of the API for workers.
  std::string url;
  secret token;
  /// Whether the API wants it. If not, the URL for Crew's workers goes without:
  /// some clients refuse URLs with a password.
  bool wants_token = true;
};

struct pool_choices {
  /// Ends when there is nothing to do any more.
  bool exits = true;
  /// Tells people a line of a pool.
  std::function<void(const std::string& pool, const std::string& line)> say;
};

/// The pools of a configuration, and the processes of their workers.
class pool_engine {
public:
  /// Clears away what an earlier process has left, then starts the pools.
  /// @pre the caller has the ORCHESTRATOR LOCK of the data directory
  [[nodiscard]] static caf::expected<std::unique_ptr<pool_engine>>
  start(caf::actor_system& system, const config& options,
        const pool_world& world, pool_choices choices);

  /// Ends all workers, as `stop` does.
  ~pool_engine();

  pool_engine(const pool_engine&) = delete;
  pool_engine& operator=(const pool_engine&) = delete;

  /// Calls `f` on a thread of the system when all pools have ended.
  void on_end(std::function<void()> f);

  /// Ends all pools: workers get SIGTERM, their grace, SIGKILL.
  /// @returns how each ended, or the first error.
  [[nodiscard]] caf::expected<std::vector<pool_ended>> stop();

  const std::vector<pool_actor>& pools() const noexcept;

private:
  struct impl;
  explicit pool_engine(std::unique_ptr<impl> x);

  std::unique_ptr<impl> impl_;
};

} // namespace orc::app
