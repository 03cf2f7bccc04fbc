#include "embedding/chores.hpp"

#include "actors/reporter/reporter.hpp"
#include "embedding/group_cleaner.hpp"
#include "embedding/pruner.hpp"
#include "embedding/shutdown.hpp"

#include <caf/actor_system.hpp>

namespace orc {

chores::chores(caf::actor_system& system, const chore_rules& rules,
               const orchestrator_actor& orchestrator,
               const run_store_actor& runs, const tasks_actor& tasks,
               const walks_actor& walks)
  : system_{system} {
  if (rules.report_every.count() > 0)
    actors_.push_back(caf::actor_cast<caf::actor>(
      system.spawn(reporter, orchestrator, walks, rules.report_every)));
  if (rules.keep_runs.count() > 0)
    actors_.push_back(
      caf::actor_cast<caf::actor>(system.spawn(pruner, runs, rules.keep_runs)));
  if (tasks && rules.keep_groups.count() > 0)
    actors_.push_back(caf::actor_cast<caf::actor>(
      system.spawn(group_cleaner, tasks, rules.keep_groups)));
}

chores::~chores() {
  shut_down(system_, actors_);
}

} // namespace orc
