#include "transport/server/routes/common.hpp"
#include "transport/server/routes/pools.hpp"
#include "transport/server/routes/walks.hpp"

#include <utility>

namespace orc::server {

namespace {

using routes_of = std::vector<route> (*)();

/// In the order of the reference.
constexpr std::pair<std::string_view, routes_of> parts[] = {
  {"Runs", &run_routes},
  {"Batches of runs", &batch_routes},
  {"Batches of pages", &walk_routes},
  {"Items", &item_routes},
  {"Splits", &split_routes},
  {"Budgets", &budget_routes},
  {"Schedules", &schedule_routes},
  {"Workers", &crew_work_routes},
  {"Tasks", &crew_task_routes},
  {"Groups of tasks", &crew_group_routes},
  {"Limits", &crew_limit_routes},
  {"Operators", &crew_operator_routes},
  {"Pools", &pool_routes},
  {"Events", &event_routes},
  {"Webhooks", &hook_routes},
  {"Health", &health_routes},
  {"The service", &system_routes},
  {"Pages", &page_routes},
};

} // namespace

const std::vector<route>& all_routes() {
  static const auto result = [] {
    std::vector<route> routes;
    for (const auto& [part, make] : parts)
      for (auto& x : make()) {
        x.part = part;
        routes.push_back(std::move(x));
      }
    return routes;
  }();
  return result;
}

} // namespace orc::server
