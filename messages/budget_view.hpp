#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/names.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace orc {

/// What happens when a budget has too little left for a run.
enum class budget_action : std::uint8_t {
  /// The run waits until there is money again.
  pause,
  /// What cannot be paid any more is refused.
  stop,
  /// Refused as well, and once the money is spent live runs are aborted.
  abort,
};

template <>
struct enum_names<budget_action> {
  static constexpr std::array<std::string_view, 3> values{"pause", "stop",
                                                          "abort"};
};

/// How long a budget counts before it begins anew, by UTC.
enum class budget_period : std::uint8_t { total, day, month };

template <>
struct enum_names<budget_period> {
  static constexpr std::array<std::string_view, 3> values{"total", "day",
                                                          "month"};
};

/// A budget as users see it.
struct budget_view {
  std::string name;
  std::optional<std::string> account;
  std::optional<std::string> space;
  std::optional<std::string> batch;
  budget_period period = budget_period::total;
  budget_action on_reached = budget_action::pause;
  double cap_usd = 0;
  double spent_usd = 0;
  double reserved_usd = 0;
  double left_usd = 0;
  double warn_at = 0.8;
  bool warned = false;
  std::uint64_t runs_live = 0;
  /// Runs that were told to wait since it was last opened.
  std::uint64_t runs_waiting = 0;

  static constexpr auto fields = describe(
    "budget", "A cap on money, and how much of it is used.",
    field("name", &budget_view::name, "As configured."),
    field("account", &budget_view::account, presence::nullable,
          "Only runs on this account."),
    field("namespace", &budget_view::space, presence::nullable,
          "Only runs of this namespace."),
    field("batch", &budget_view::batch, presence::nullable,
          "Only runs of this batch."),
    field("period", &budget_view::period,
          "total, day or month: when it begins anew, by UTC."),
    field("onReached", &budget_view::on_reached,
          "pause, stop or abort: what happens when it is used up."),
    field("capUsd", &budget_view::cap_usd, presence::required, "USD",
          "Most to be spent."),
    field("spentUsd", &budget_view::spent_usd, presence::required, "USD",
          "Spent in this period."),
    field("reservedUsd", &budget_view::reserved_usd, presence::required, "USD",
          "Kept for runs whose cost is not known yet."),
    field("leftUsd", &budget_view::left_usd, presence::required, "USD",
          "What is neither spent nor reserved, at least 0."),
    field("warnAt", &budget_view::warn_at,
          "The share of the cap, 0 to 1, at which it warns."),
    field("warned", &budget_view::warned, "Has this period passed that share?"),
    field("runsLive", &budget_view::runs_live,
          "Runs for which it keeps money."),
    field("runsWaiting", &budget_view::runs_waiting,
          "Runs that it keeps from starting."));
};

} // namespace orc
