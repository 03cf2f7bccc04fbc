#include "actors/budget/money.hpp"

#include <chrono>
#include <limits>

namespace orc {

namespace {

using namespace std::chrono;

constexpr std::int64_t millis_per_day = 86'400'000;

year_month_day date_of(timestamp x) {
  return year_month_day{sys_days{days{static_cast<int>(day_of(x))}}};
}

std::int64_t number_of(const year_month_day& x) {
  return sys_days{x}.time_since_epoch().count();
}

} // namespace

std::int64_t day_of(timestamp x) {
  return x.millis / millis_per_day;
}

std::int64_t first_day(budget_period period, timestamp now) {
  switch (period) {
    case budget_period::day:
      return day_of(now);
    case budget_period::month: {
      auto today = date_of(now);
      return number_of(today.year() / today.month() / day{1});
    }
    default:
      return std::numeric_limits<std::int64_t>::min();
  }
}

std::optional<timestamp> end_of(budget_period period, timestamp now) {
  switch (period) {
    case budget_period::day:
      return timestamp{(day_of(now) + 1) * millis_per_day};
    case budget_period::month: {
      auto today = date_of(now);
      auto next = today.year() / today.month() / day{1} + months{1};
      return timestamp{number_of(next) * millis_per_day};
    }
    default:
      return std::nullopt;
  }
}

} // namespace orc
