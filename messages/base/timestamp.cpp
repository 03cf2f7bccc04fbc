#include "messages/base/timestamp.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace orc {

namespace {

using namespace std::chrono;

/// Reads exactly `digits` digits at the front of `text` and drops them.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits)
    return std::nullopt;
  int value = 0;
  for (auto c : text.substr(0, digits)) {
    if (c < '0' || c > '9')
      return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c)
    return false;
  text.remove_prefix(1);
  return true;
}

std::optional<timestamp> compose(int y, int mon, int d, int h, int min, int s) {
  auto date = year{y} / mon / d;
  if (!date.ok() || h > 23 || min > 59 || s > 60)
    return std::nullopt;
  auto at = sys_days{date} + hours{h} + minutes{min} + seconds{s};
  return timestamp{duration_cast<milliseconds>(at.time_since_epoch()).count()};
}

/// Reads `.123456` and drops it; more than three digits are cut.
int take_fraction(std::string_view& text) {
  if (!take(text, '.'))
    return 0;
  int value = 0;
  int scale = 100;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    value += (text.front() - '0') * scale;
    scale /= 10;
    text.remove_prefix(1);
  }
  return value;
}

/// Reads `Z`, `+01:00` or `-0130`.
std::optional<minutes> take_zone(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z'))
    return minutes{0};
  auto east = take(text, '+');
  if (!east && !take(text, '-'))
    return std::nullopt;
  auto h = take_number(text, 2);
  take(text, ':');
  auto m = take_number(text, 2);
  if (!h || !m)
    return std::nullopt;
  auto offset = hours{*h} + minutes{*m};
  return east ? offset : -offset;
}

} // namespace

timestamp now() {
  auto at = system_clock::now().time_since_epoch();
  return {duration_cast<milliseconds>(at).count()};
}

std::string to_string(timestamp x) {
  auto at = sys_time<milliseconds>{milliseconds{x.millis}};
  auto day = floor<days>(at);
  auto date = year_month_day{day};
  auto time = hh_mm_ss{at - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                     static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

std::optional<timestamp> parse_timestamp(std::string_view text) {
  auto y = take_number(text, 4);
  auto ok = y && take(text, '-');
  auto mon = take_number(text, 2);
  ok = ok && mon && take(text, '-');
  auto d = take_number(text, 2);
  ok = ok && d && (take(text, 'T') || take(text, ' '));
  auto h = take_number(text, 2);
  ok = ok && h && take(text, ':');
  auto min = take_number(text, 2);
  if (!ok || !min)
    return std::nullopt;
  auto s = take(text, ':') ? take_number(text, 2) : std::optional{0};
  auto fraction = take_fraction(text);
  auto zone = take_zone(text);
  if (!s || !zone || !text.empty())
    return std::nullopt;
  auto result = compose(*y, *mon, *d, *h, *min, *s);
  if (result)
    *result = *result + milliseconds{fraction} - *zone;
  return result;
}

std::optional<timestamp> parse_http_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar",
                                                           "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep",
                                                           "Oct", "Nov", "Dec"};
  auto comma = text.find(", ");
  if (comma == std::string_view::npos)
    return std::nullopt;
  text.remove_prefix(comma + 2);
  auto d = take_number(text, 2);
  if (!d || !take(text, ' ') || text.size() < 4)
    return std::nullopt;
  int mon = 0;
  for (std::size_t i = 0; i < months.size(); ++i)
    if (text.substr(0, 3) == months[i])
      mon = static_cast<int>(i) + 1;
  text.remove_prefix(3);
  auto ok = mon != 0 && take(text, ' ');
  auto y = take_number(text, 4);
  ok = ok && y && take(text, ' ');
  auto h = take_number(text, 2);
  ok = ok && h && take(text, ':');
  auto min = take_number(text, 2);
  ok = ok && min && take(text, ':');
  auto s = take_number(text, 2);
  if (!ok || !s)
    return std::nullopt;
  return compose(*y, mon, *d, *h, *min, *s);
}

} // namespace orc
