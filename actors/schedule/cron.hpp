#pragma once

#include "actors/schedule/time_zone.hpp"

#include <bitset>
#include <optional>
#include <string_view>

namespace orc {

/// Times as `cron` writes them: minute, hour, day of the month, month, day of
/// the week.
///
///     15 2 * * mon-fri     at 2:15 on weekdays
///     */20 8-17 * * *      three times an hour in the daytime
///     0 0 L * *            at the end of the month
///
/// Where both kinds of days are given, one of them is enough, as everywhere.
class cron {
public:
  /// @returns `ec::bad_field` that says which part is wrong, and what it may
  ///          be.
  static caf::expected<cron> parse(std::string_view text);

  /// @returns the first time after another one, nothing if there is none in
  ///          the eight years that follow.
  std::optional<timestamp> next(timestamp after, const time_zone& zone) const;

private:
  friend class cron_parser;

  bool fits(const civil_date& x) const;

  /// A time that clocks show twice counts each time: its hour is `*`.
  std::optional<timestamp>
  next_hourly(timestamp after, const time_zone& zone) const;
  std::optional<timestamp>
  next_daily(timestamp after, const time_zone& zone) const;
  std::optional<timestamp>
  next_of_day(std::int64_t day, timestamp after, const time_zone& zone) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  /// From Sunday on.
  std::bitset<7> weekdays_;
  bool on_last_day_ = false;
  bool any_day_ = false;
  bool any_weekday_ = false;
  bool any_hour_ = false;
};

} // namespace orc
