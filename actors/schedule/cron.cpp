// When the next time is.

#include "actors/schedule/cron.hpp"

#include <algorithm>

namespace orc {

namespace {

using namespace std::chrono_literals;

/// Leap days can be eight years apart.
constexpr std::int64_t horizon_days = 8 * 366 + 2;

/// Clocks are not set by more than that.
constexpr std::int32_t largest_change = 3 * 60;

timestamp minute_after(timestamp x) {
  auto minute
    = x.millis >= 0 ? x.millis / 60'000 : (x.millis - 59'999) / 60'000;
  return {(minute + 1) * 60'000};
}

} // namespace

bool cron::fits(const civil_date& x) const {
  if (!months_[x.month])
    return false;
  auto by_day = days_[x.day] || (on_last_day_ && x.is_last);
  auto by_weekday = weekdays_[x.weekday];
  if (any_day_ || any_weekday_)
    return by_day && by_weekday;
  return by_day || by_weekday;
}

std::optional<timestamp>
cron::next(timestamp after, const time_zone& zone) const {
  return any_hour_ ? next_hourly(after, zone) : next_daily(after, zone);
}

std::optional<timestamp>
cron::next_hourly(timestamp after, const time_zone& zone) const {
  auto at = minute_after(after);
  auto end = zone.show(after).day + horizon_days;
  while (true) {
    auto clock = zone.show(at);
    if (clock.day > end)
      return std::nullopt;
    if (!fits(date_of(clock.day))) {
      at = std::max(zone.when({clock.day + 1, 0}).first, at + 1min);
      continue;
    }
    auto hour = static_cast<std::size_t>(clock.minute / 60);
    auto minute = static_cast<std::size_t>(clock.minute % 60);
    if (hours_[hour] && minutes_[minute])
      return at;
    // Nothing of an hour that does not count, otherwise minute by minute.
    at = at + (hours_[hour] ? 1min : std::chrono::minutes{60 - minute});
  }
}

std::optional<timestamp>
cron::next_daily(timestamp after, const time_zone& zone) const {
  // A day before: where clocks are set back over midnight it comes again.
  auto first = zone.show(after).day - 1;
  for (auto day = first; day <= first + horizon_days; ++day)
    if (fits(date_of(day)))
      if (auto result = next_of_day(day, after, zone))
        return result;
  return std::nullopt;
}

std::optional<timestamp> cron::next_of_day(std::int64_t day, timestamp after,
                                           const time_zone& zone) const {
  auto shown = zone.show(after);
  auto begin = (day - shown.day) * 24 * 60;
  for (std::size_t hour = 0; hour < hours_.size(); ++hour) {
    if (!hours_[hour])
      continue;
    for (std::size_t minute = 0; minute < minutes_.size(); ++minute) {
      auto of_day = static_cast<std::int32_t>(hour * 60 + minute);
      if (!minutes_[minute] || begin + of_day < shown.minute - largest_change)
        continue;
      if (auto at = zone.when({day, of_day}).first; at > after)
        return at;
    }
  }
  return std::nullopt;
}

} // namespace orc
