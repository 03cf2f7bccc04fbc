#pragma once

#include "messages/base/timestamp.hpp"

#include <caf/expected.hpp>

#include <array>
#include <cstdint>
#include <string>

namespace orc {

/// What clocks on the wall show, in minutes.
struct civil_time {
  /// Since 1970-01-01, of the wall's calendar.
  std::int64_t day = 0;
  /// Since midnight.
  std::int32_t minute = 0;

  friend auto operator<=>(const civil_time&, const civil_time&) = default;
};

/// A year, a month and a day of it, both from 1 on, and the day of the week
/// from Sunday, 0.
struct civil_date {
  std::int32_t year = 1970;
  std::uint32_t month = 1;
  std::uint32_t day = 1;
  std::uint32_t weekday = 4;
  /// The last of its month.
  bool is_last = false;
};

civil_date date_of(std::int64_t day);

/// The rules of a place for its clocks, from the time zone database of the
/// system.
class time_zone {
public:
  /// @param name `UTC`, or such as `Europe/Prague`.
  /// @returns `ec::bad_field` if there is none of that name.
  static caf::expected<time_zone> find(const std::string& name);

  /// @returns what clocks show, the seconds left out.
  civil_time show(timestamp x) const;

  /// When clocks show a time: once, twice where they are set back, or never
  /// where they are set forward. Never is said as once: when they have changed.
  struct moments {
    timestamp first;
    timestamp second;
    bool is_skipped = false;
  };

  moments when(civil_time x) const;

private:
  /// Nothing: UTC.
  const void* zone_ = nullptr;
};

} // namespace orc
