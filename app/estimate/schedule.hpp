#pragma once

#include "messages/base/units.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace orc::app {

/// A run as a schedule sees it.
struct scheduled_run {
  mebibytes memory;
  std::int32_t priority = 0;
  double secs = 0;
};

/// What runs share. What is not given has no limit.
struct schedule_limits {
  std::optional<mebibytes> memory;
  std::optional<std::uint64_t> runs;
  /// How long smaller runs may pass one that does not fit.
  std::chrono::milliseconds max_overtake{30'000};
};

struct schedule {
  /// From the first start to the last end.
  double wall_secs = 0;
  /// Runs that need more memory than there is: they are left out.
  std::uint64_t never_fit = 0;
};

/// Plays through how an ACCOUNT lets runs in: by priority, then in order; what
/// fits may pass what does not, for a while. Starting takes no time here.
/// @param runs in the order in which they are submitted.
schedule
simulate(const std::vector<scheduled_run>& runs, const schedule_limits& limits);

} // namespace orc::app
