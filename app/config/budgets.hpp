#pragma once

#include "messages/base/error.hpp"
#include "messages/budget_settings.hpp"

#include <string>
#include <vector>

namespace orc::app {

/// A cap on money in the configuration file.
struct budget_entry {
  std::string name;
  std::string account;
  std::string space;
  std::string batch;
  double cap_usd = 0;
  budget_period period = budget_period::total;
  budget_action on_reached = budget_action::pause;
  double warn_at = 0.8;
  double assume_usd = 0;

  static constexpr auto fields = describe(
    "budgets", "A cap on money; it counts the runs that match all it names.",
    field("name", &budget_entry::name, "What it is called."),
    field("account", &budget_entry::account, presence::optional,
          "Only runs on this account."),
    field("namespace", &budget_entry::space, presence::optional,
          "Only runs of this namespace."),
    field("batch", &budget_entry::batch, presence::optional,
          "Only runs of this batch."),
    field("cap_usd", &budget_entry::cap_usd, presence::required, "USD",
          "Most to be spent."),
    field("period", &budget_entry::period, presence::optional,
          "total, day or month: when it begins anew, by UTC."),
    field("on_reached", &budget_entry::on_reached, presence::optional,
          "pause: runs wait; stop: runs are refused; abort: refused, and live "
          "ones are aborted once the money is spent."),
    field("warn_at", &budget_entry::warn_at, presence::optional,
          "The share of the cap, 0 to 1, at which it warns."),
    field("assume_usd", &budget_entry::assume_usd, presence::optional, "USD",
          "What a run is taken to cost that has no maxTotalChargeUsd and whose "
          "Apify actor has no history."));
};

/// @returns what is wrong with one of them, with its place: `budgets[1].name`.
[[nodiscard]] caf::error check_budgets(const std::vector<budget_entry>& xs);

/// @returns the name of a plan's own budget: its file's, as far as names go.
std::string budget_name_of(const std::string& plan);

std::vector<budget_settings> budgets_of(const std::vector<budget_entry>& xs);

} // namespace orc::app
