#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/units.hpp"

#include <chrono>

namespace orc::app {

/// The patience of the service; the reasons stand in messages/settings.hpp.
struct timing_options {
  std::chrono::milliseconds reconcile_window{30'000};
  std::chrono::milliseconds max_overtake{30'000};
  std::chrono::milliseconds retry_backoff{2'000};
  std::chrono::milliseconds retry_backoff_max{60'000};
  std::chrono::milliseconds lost_after{30'000};
  std::chrono::milliseconds settle_after{10'000};
  std::chrono::milliseconds cost_patience{30'000};

  static constexpr auto fields = describe(
    "timing", "How patient the service is.",
    field("reconcile_window", &timing_options::reconcile_window,
          presence::optional, "s",
          "How long a run of a lost answer may take to appear in the "
          "platform's lists before it is started again."),
    field("max_overtake", &timing_options::max_overtake, presence::optional,
          "s", "How long smaller runs may pass one that does not fit."),
    field("retry_backoff", &timing_options::retry_backoff, presence::optional,
          "s", "Wait before the second attempt; doubles with each."),
    field("retry_backoff_max", &timing_options::retry_backoff_max,
          presence::optional, "s", "The longest wait between attempts."),
    field("lost_after", &timing_options::lost_after, presence::optional, "s",
          "How long a run is looked for that the platform answers 404 for."),
    field("settle_after", &timing_options::settle_after, presence::optional,
          "s",
          "How long after the end of a run its items and cost are read again, "
          "as the platform's first answer may be preliminary; 0 means "
          "never."),
    field("cost_patience", &timing_options::cost_patience, presence::optional,
          "s",
          "How long budgets wait for the final cost of a run that ended."));
};

} // namespace orc::app
