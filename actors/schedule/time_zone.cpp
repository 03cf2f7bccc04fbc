#include "actors/schedule/time_zone.hpp"

#include "messages/base/error.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

namespace orc {

namespace {

using namespace std::chrono;

timestamp millis_of(date::sys_seconds x) {
  return {duration_cast<milliseconds>(x.time_since_epoch()).count()};
}

} // namespace

civil_date date_of(std::int64_t day) {
  auto at = date::sys_days{date::days{day}};
  date::year_month_day ymd{at};
  auto last = ymd.year() / ymd.month() / date::last;
  return {static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
          static_cast<unsigned>(ymd.day()), date::weekday{at}.c_encoding(),
          ymd.day() == last.day()};
}

caf::expected<time_zone> time_zone::find(const std::string& name) {
  time_zone result;
  if (name == "UTC" || name == "Etc/UTC")
    return result;
  try {
    result.zone_ = date::locate_zone(name);
    return result;
  } catch (const std::runtime_error&) {
    return make_error(ec::bad_field,
                      fmt::format("timeZone: `{}` is no time zone of this "
                                  "system; names are such as Europe/Prague or "
                                  "UTC (Debian: package tzdata)",
                                  name));
  }
}

civil_time time_zone::show(timestamp x) const {
  auto utc = date::sys_seconds{date::floor<seconds>(milliseconds{x.millis})};
  auto local = utc.time_since_epoch();
  if (zone_)
    local += static_cast<const date::time_zone*>(zone_)->get_info(utc).offset;
  auto day = date::floor<date::days>(local);
  return {day.count(),
          static_cast<std::int32_t>(date::floor<minutes>(local - day).count())};
}

time_zone::moments time_zone::when(civil_time x) const {
  auto local = date::local_seconds{date::days{x.day} + minutes{x.minute}};
  auto plain = date::sys_seconds{local.time_since_epoch()};
  if (!zone_)
    return {millis_of(plain), millis_of(plain)};
  auto info = static_cast<const date::time_zone*>(zone_)->get_info(local);
  auto first = millis_of(plain - info.first.offset);
  switch (info.result) {
    case date::local_info::nonexistent:
      first = millis_of(info.first.end);
      return {first, first, true};
    case date::local_info::ambiguous:
      return {first, millis_of(plain - info.second.offset)};
    default:
      return {first, first};
  }
}

} // namespace orc
