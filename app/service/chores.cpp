#include "app/service/chores.hpp"

#include "actors/reporter/reporter.hpp"
#include "app/service/group_cleaner.hpp"
#include "app/service/pruner.hpp"
#include "app/service/service.hpp"
#include "embedding/shutdown.hpp"

#include <caf/actor_system.hpp>

namespace orc::app {

chores::chores(service& host, const config& options) : system_{host.system()} {
  if (options.report_interval.count() > 0)
    actors_.push_back(caf::actor_cast<caf::actor>(
      system_.spawn(reporter, host.orchestrator(), options.report_interval)));
  if (options.retention_days > 0)
    actors_.push_back(caf::actor_cast<caf::actor>(
      system_.spawn(pruner, host.store().runs,
                    std::chrono::hours{24 * options.retention_days})));
  if (host.tasks() && options.tasks.keep_groups_days > 0)
    actors_.push_back(caf::actor_cast<caf::actor>(
      system_.spawn(group_cleaner, host.tasks(),
                    std::chrono::hours{24 * options.tasks.keep_groups_days})));
}

chores::~chores() {
  shut_down(system_, actors_);
}

} // namespace orc::app
