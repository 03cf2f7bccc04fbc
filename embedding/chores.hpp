#pragma once

#include "embedding/options.hpp"
#include "messages/orchestrator.hpp"
#include "messages/task/tasks.hpp"
#include "messages/walk/walks.hpp"

#include <caf/actor.hpp>

#include <vector>

namespace caf {
class actor_system;
} // namespace caf

namespace orc {

/// What an orchestrator does by itself while it is up: reports, and forgets
/// what is old. Ends with this object.
class chores {
public:
  /// @param tasks nobody if there are none.
  /// @param walks nobody if no data sets are walked.
  chores(caf::actor_system& system, const chore_rules& rules,
         const orchestrator_actor& orchestrator, const run_store_actor& runs,
         const tasks_actor& tasks, const walks_actor& walks);
  ~chores();

  chores(const chores&) = delete;
  chores& operator=(const chores&) = delete;

private:
  caf::actor_system& system_;
  std::vector<caf::actor> actors_;
};

} // namespace orc
