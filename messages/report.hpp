#pragma once

#include "messages/account.hpp"
#include "messages/base/message.hpp"
#include "messages/budget_view.hpp"

namespace orc {

/// How everything stands.
struct report {
  timestamp at;
  std::int64_t uptime_secs = 0;
  run_totals totals;
  std::vector<account_view> accounts;
  std::vector<budget_view> budgets;
  /// The newest runs, at most 1000.
  std::vector<run> runs;

  static constexpr auto fields
    = describe("report", "How everything stands.",
               field("generatedAt", &report::at, "When."),
               field("uptimeSecs", &report::uptime_secs, presence::required,
                     "s", "Since this process started."),
               field("totals", &report::totals, "All runs of the store."),
               field("accounts", &report::accounts, "All accounts in use."),
               field("budgets", &report::budgets, presence::optional,
                     "All budgets, by name."),
               field("runs", &report::runs, "Newest first, at most 1000."));
};

} // namespace orc

#define ORC_REPORT_MESSAGES(X) X(orc::report)

ORC_REPORT_MESSAGES(ORC_DECLARE_MESSAGE)
