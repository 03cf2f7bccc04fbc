#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orc {

/// A point in time in UTC, to the millisecond, as Apify writes it.
struct timestamp {
  /// Milliseconds since 1970.
  std::int64_t millis = 0;

  friend auto operator<=>(timestamp, timestamp) = default;

  friend constexpr timestamp
  operator+(timestamp x, std::chrono::milliseconds y) {
    return {x.millis + y.count()};
  }

  friend constexpr timestamp
  operator-(timestamp x, std::chrono::milliseconds y) {
    return {x.millis - y.count()};
  }

  friend constexpr std::chrono::milliseconds
  operator-(timestamp x, timestamp y) {
    return std::chrono::milliseconds{x.millis - y.millis};
  }

  template <class Inspector>
  friend auto inspect(Inspector& f, timestamp& x) {
    return f(x.millis);
  }
};

/// @returns the time of this machine's clock.
timestamp now();

/// @returns `2026-11-22T17:33:05.120Z`.
std::string to_string(timestamp x);

/// Reads ISO 8601 with a time zone of `Z` or an offset; seconds may have
/// fractions, digits beyond the third are dropped.
std::optional<timestamp> parse_timestamp(std::string_view text);

/// Reads the `Date` header of HTTP: `Sun, 22 Nov 2026 17:33:05 GMT`.
std::optional<timestamp> parse_http_date(std::string_view text);

} // namespace orc
