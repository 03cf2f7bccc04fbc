#pragma once

#include "messages/budget_view.hpp"

namespace orc {

/// A budget as it is configured: it counts the runs that match all of what is
/// given, from when it exists.
struct budget_settings {
  std::string name;
  std::optional<std::string> account;
  std::optional<std::string> space;
  std::optional<std::string> batch;
  budget_period period = budget_period::total;
  budget_action on_reached = budget_action::pause;
  double cap_usd = 0;
  double warn_at = 0.8;
  double assume_usd = 0;

  friend bool operator==(const budget_settings&, const budget_settings&)
    = default;

  static constexpr auto fields = describe(
    "budget_settings", "A cap on money.",
    field("name", &budget_settings::name, presence::optional,
          "1 to 200 letters, digits and `-_./:@`."),
    field("account", &budget_settings::account, presence::optional,
          "Only runs on this account."),
    field("namespace", &budget_settings::space, presence::optional,
          "Only runs of this namespace."),
    field("batch", &budget_settings::batch, presence::optional,
          "Only runs of this batch."),
    field("period", &budget_settings::period, presence::optional,
          "total, day or month: when it begins anew, by UTC."),
    field("onReached", &budget_settings::on_reached, presence::optional,
          "pause: runs wait; stop: runs are refused; abort: refused, and live "
          "ones are aborted once the money is spent."),
    field("capUsd", &budget_settings::cap_usd, presence::required, "USD",
          "Most to be spent, 0 to 1000000000."),
    field("warnAt", &budget_settings::warn_at, presence::optional,
          "The share of the cap, 0 to 1, at which it warns."),
    field("assumeUsd", &budget_settings::assume_usd, presence::optional, "USD",
          "What a run is taken to cost that has no `maxTotalChargeUsd` and "
          "whose Apify actor has no history."));
};

} // namespace orc
