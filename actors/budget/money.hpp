#pragma once

#include "messages/base/timestamp.hpp"
#include "messages/base/units.hpp"
#include "messages/budget_view.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace orc {

/// Money in whole nano-dollars: sums that are added to and taken from leave no
/// trace.
using nano_usd = std::int64_t;

/// What nobody may name, such as a cost that the platform tells, is the most
/// that anybody may.
inline nano_usd to_nano(double usd) {
  return std::llround(std::clamp(usd, -max_usd, max_usd) * 1e9);
}

inline double to_usd(nano_usd x) {
  return static_cast<double>(x) / 1e9;
}

/// @returns the day of a time, in days since 1970, by UTC.
std::int64_t day_of(timestamp x);

/// @returns the first day of the period that `now` is in.
std::int64_t first_day(budget_period period, timestamp now);

/// @returns when the period that `now` is in ends; nothing for `total`.
std::optional<timestamp> end_of(budget_period period, timestamp now);

} // namespace orc
