#pragma once

#include "app/config/config.hpp"
#include "messages/schedule/schedules.hpp"
#include "messages/task/tasks.hpp"

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include <memory>
#include <string>

namespace orc::app {

/// Tasks of a data directory and the API for their workers, without all else
/// that `serve` brings: what `pool run` needs by itself.
class task_house {
public:
  /// @param makes_tasks also does what schedules say.
  /// @returns `ec::store_locked` if another process has the directory.
  [[nodiscard]] static caf::expected<std::unique_ptr<task_house>>
  open(const config& options, bool makes_tasks);

  ~task_house();

  task_house(const task_house&) = delete;
  task_house& operator=(const task_house&) = delete;

  caf::actor_system& system() noexcept;
  const tasks_actor& tasks() const noexcept;

  /// Nobody if it makes none.
  const schedules_actor& schedules() const noexcept;

  /// @returns where the API is.
  const std::string& url() const noexcept;

private:
  struct impl;
  explicit task_house(std::unique_ptr<impl> x);

  std::unique_ptr<impl> impl_;
};

} // namespace orc::app
