#include "messages/budget.hpp"
#include "messages/json/json.hpp"
#include "transport/server/call.hpp"
#include "transport/server/routes/common.hpp"

namespace orc::server {

namespace {

void list(const call_ptr& x) {
  x->ask<budget_views>(get_budgets{}, [x](const budget_views& found) {
    x->reply(200, to_json(found));
  });
}

void set(const call_ptr& x) {
  auto change = from_json<set_budget>(x->request().body);
  if (!change)
    return x->fail(change.error());
  const auto& name = x->path("name");
  if (!change->name.empty() && change->name != name)
    return x->fail(make_error(
      ec::bad_field, "name: must be the one in the path, or be left out"));
  change->name = name;
  x->ask<budget_view>(std::move(*change), [x](const budget_view& now) {
    x->reply(200, to_json(now));
  });
}

} // namespace

std::vector<route> budget_routes() {
  return {{"GET",
           "/api/v1/budgets",
           "listBudgets",
           "Shows all budgets: what is spent, reserved and left.",
           {},
           nullptr,
           {{200, "All budgets.", &schema_for<budget_views>}},
           &list},
          {"PUT",
           "/api/v1/budgets/{name}",
           "setBudget",
           "Makes a budget, or changes what is given of it. Runs that wait for "
           "it go on if there is money again.",
           {{"name", place::path, string_schema, "Name of the budget."}},
           &schema_for<set_budget>,
           {{200, "The budget as it is now.", &schema_for<budget_view>}},
           &set}};
}

} // namespace orc::server
