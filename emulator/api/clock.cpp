#include "emulator/api/clock.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace orc::emulator {

using namespace std::chrono;

namespace {

/// Reads `.123Z`, `+01:00` and the like behind the seconds.
/// @returns the milliseconds to add, or nothing if it is none of these.
std::optional<milliseconds> parse_rest(const char* rest) {
  auto result = milliseconds{0};
  if (*rest == '.') {
    auto scale = 100;
    for (++rest; *rest >= '0' && *rest <= '9'; ++rest, scale /= 10)
      result += milliseconds{(*rest - '0') * scale};
  }
  if (*rest == '\0' || (*rest == 'Z' && rest[1] == '\0'))
    return result;
  auto h = 0, m = 0;
  if ((*rest == '+' || *rest == '-')
      && std::sscanf(rest + 1, "%2d:%2d", &h, &m) == 2) {
    const auto offset = hours{h} + minutes{m};
    return *rest == '+' ? result - offset : result + offset;
  }
  return std::nullopt;
}

} // namespace

moment now() noexcept {
  return time_point_cast<milliseconds>(system_clock::now());
}

std::string to_iso(moment when) {
  const auto day = floor<days>(when);
  const auto date = year_month_day{day};
  const auto time = hh_mm_ss{when - day};
  char buf[40];
  const auto n = std::snprintf(
    buf, sizeof(buf), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
    static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
    static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
    static_cast<int>(time.minutes().count()),
    static_cast<int>(time.seconds().count()),
    static_cast<int>(time.subseconds().count()));
  return {buf, static_cast<std::size_t>(n)};
}

std::optional<moment> parse_iso(std::string_view text) {
  const auto copy = std::string{text};
  auto y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, used = 0;
  if (std::sscanf(copy.c_str(), "%4d-%2d-%2d%n", &y, &mo, &d, &used) != 3)
    return std::nullopt;
  const auto date = year{y} / month{static_cast<unsigned>(mo)}
                    / day{static_cast<unsigned>(d)};
  if (!date.ok())
    return std::nullopt;
  const auto midnight = moment{sys_days{date}};
  const auto* rest = copy.c_str() + used;
  if (*rest == '\0')
    return midnight;
  if (std::sscanf(rest, "T%2d:%2d:%2d%n", &h, &mi, &s, &used) != 3)
    return std::nullopt;
  const auto more = parse_rest(rest + used);
  if (!more)
    return std::nullopt;
  return midnight + hours{h} + minutes{mi} + seconds{s} + *more;
}

} // namespace orc::emulator
