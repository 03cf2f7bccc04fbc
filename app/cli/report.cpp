#include "app/cli/client_flags.hpp"
#include "app/progress/run_list.hpp"
#include "app/text/amounts.hpp"
#include "app/text/table.hpp"
#include "messages/json/json.hpp"
#include "messages/walk/walks.hpp"

#include <fmt/format.h>

namespace orc::app {

namespace {

std::string memory_of(const account_view& x) {
  return fmt::format("{} of {}", print_memory(x.memory_held + x.memory_others),
                     x.memory_limit ? print_memory(*x.memory_limit) : "?");
}

void print_accounts(const std::vector<account_view>& xs) {
  table out{{{"ACCOUNT"},
             {"USER"},
             {"MEMORY IN USE"},
             {"LIVE", table::align::right},
             {"WAITING", table::align::right},
             {"API CALLS", table::align::right}}};
  for (const auto& x : xs) {
    std::uint64_t calls = 0;
    for (const auto& [kind, count] : x.calls.calls)
      calls += count;
    out.add({x.name, x.username.value_or("-"), memory_of(x),
             print_count(x.runs_live), print_count(x.runs_queued),
             print_count(calls)});
  }
  for (const auto& line : out.lines())
    fmt::print("{}\n", line);
}

void print_budgets(const std::vector<budget_view>& xs) {
  for (const auto& x : xs)
    fmt::print("budget {}: {} of {} spent, {} reserved{}\n", x.name,
               print_usd(x.spent_usd), print_usd(x.cap_usd),
               print_usd(x.reserved_usd),
               x.runs_waiting > 0
                 ? fmt::format(", {} waiting", print_count(x.runs_waiting))
                 : std::string{});
}

void print_totals(const report& x) {
  std::uint64_t runs = 0;
  std::string states;
  for (const auto& [state, count] : x.totals.states) {
    runs += count;
    if (count > 0)
      states += fmt::format(", {} {}", print_count(count), state);
  }
  fmt::print("{}{}; {}, {}; up for {}\n", print_count(runs, "run"), states,
             print_count(x.totals.item_count, "item"),
             print_usd(x.totals.usage_total_usd),
             print_duration(std::chrono::seconds{x.uptime_secs}));
}

std::string left_of(const walk_view& x) {
  return x.eta_secs ? print_duration(std::chrono::milliseconds{
           static_cast<std::int64_t>(*x.eta_secs * 1000)})
                    : "-";
}

/// Those that are over are shown by `batch list`.
void print_walks(const std::vector<walk_view>& xs) {
  using align = table::align;
  table out{{{"BATCH"},
             {"STATE"},
             {"PAGES", align::right},
             {"ITEMS", align::right},
             {"FAILED", align::right},
             {"STUCK", align::right},
             {"ITEMS/S", align::right},
             {"LEFT", align::right}}};
  auto any = false;
  for (const auto& x : xs) {
    if (x.is_finished)
      continue;
    any = true;
    out.add({x.name, x.is_paused ? "paused" : std::string{name_of(x.state)},
             print_count(x.completed), print_count(x.items),
             print_count(x.failed), print_count(x.stuck),
             fmt::format("{:.1f}", x.items_per_sec), left_of(x)});
  }
  if (!any)
    return;
  for (const auto& line : out.lines())
    fmt::print("{}\n", line);
  fmt::print("\n");
}

int report_now(const client_flags& flags) {
  auto client = connect(flags);
  auto body = client->get("/api/v1/report");
  if (!body)
    return fail(body.error());
  if (flags.json) {
    fmt::print("{}\n", *body);
    return all_succeeded;
  }
  auto x = from_json<report>(*body);
  if (!x)
    return fail(x.error());
  if (!x->runs.empty()) {
    print_runs(x->runs);
    fmt::print("\n");
  }
  if (!x->accounts.empty()) {
    print_accounts(x->accounts);
    fmt::print("\n");
  }
  // A store without room for batches has none.
  if (auto batches = client->get("/api/v1/batches"))
    if (auto found = from_json<walk_views>(*batches))
      print_walks(found->items);
  print_budgets(x->budgets);
  print_totals(*x);
  return all_succeeded;
}

} // namespace

void add_report(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "report",
    "Shows how everything stands: runs, batches, accounts, items, costs.");
  auto flags = add_client_flags(*command);
  command->callback(
    [=, &action] { action = [=] { return report_now(*flags); }; });
}

} // namespace orc::app
