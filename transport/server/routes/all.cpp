#include "transport/server/routes/common.hpp"
#include "transport/server/routes/pools.hpp"
#include "transport/server/routes/walks.hpp"

#include <iterator>
#include <utility>

namespace orc::server {

const std::vector<route>& all_routes() {
  static const auto result = [] {
    std::vector<route> routes;
    for (auto part :
         {run_routes(), batch_routes(), walk_routes(), item_routes(),
          event_routes(), hook_routes(), budget_routes(), pool_routes(),
          split_routes(), crew_work_routes(), crew_task_routes(),
          crew_group_routes(), crew_limit_routes(), crew_operator_routes(),
          schedule_routes(), health_routes(), system_routes(), page_routes()})
      routes.insert(routes.end(), part.begin(), part.end());
    return routes;
  }();
  return result;
}

} // namespace orc::server
