#include "actors/schedule/timetable.hpp"

#include "messages/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orc {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t longest_interval = 365 * 86'400;
constexpr std::uint64_t longest_jitter = 86'400;
constexpr std::uint64_t longest_window = 366 * 86'400;

/// FNV-1a, mixed: the same on every machine and in every build.
std::uint64_t hash_of(std::string_view name, timestamp due) {
  auto result = std::uint64_t{14'695'981'039'346'656'037U};
  for (auto c : fmt::format("{}@{}", name, due.millis)) {
    result ^= static_cast<unsigned char>(c);
    result *= 1'099'511'628'211U;
  }
  result ^= result >> 32;
  result *= 0x9e37'79b9'7f4a'7c15U;
  return result ^ (result >> 29);
}

caf::error bad(std::string_view field, std::string_view problem) {
  return make_error(ec::bad_field, fmt::format("{}: {}", field, problem));
}

caf::error check(const schedule_definition& x) {
  if (x.cron.has_value() == x.every_secs.has_value())
    return bad("cron", "give this or everySecs");
  if (x.every_secs && (*x.every_secs < 1 || *x.every_secs > longest_interval))
    return bad("everySecs", "must be a number from 1 to 31536000");
  if (x.jitter_secs > longest_jitter)
    return bad("jitterSecs", "must be a number from 0 to 86400");
  if (x.catch_up_window_secs > longest_window)
    return bad("catchUpWindowSecs", "must be a number from 0 to 31622400");
  return {};
}

} // namespace

caf::expected<timetable>
timetable::make(const schedule_definition& x, timestamp anchor) {
  if (auto err = check(x))
    return err;
  timetable result;
  auto zone = time_zone::find(x.time_zone);
  if (!zone)
    return std::move(zone.error());
  result.zone_ = *zone;
  if (x.cron) {
    auto times = cron::parse(*x.cron);
    if (!times)
      return std::move(times.error());
    result.cron_ = *times;
    if (!times->next(anchor, *zone))
      return bad("cron", fmt::format("`{}` never comes", *x.cron));
  }
  result.name_ = x.name;
  result.interval_ = 1000ms * x.every_secs.value_or(0);
  result.anchor_ = anchor;
  result.catch_up_ = x.catch_up;
  result.window_ = 1000ms * x.catch_up_window_secs;
  result.jitter_ = 1000ms * x.jitter_secs;
  return result;
}

std::optional<timestamp> timetable::next(timestamp after) const {
  if (cron_)
    return cron_->next(after, zone_);
  if (after < anchor_)
    return anchor_ + interval_;
  auto passed = (after - anchor_) / interval_;
  return anchor_ + interval_ * (passed + 1);
}

std::vector<timestamp> timetable::due(timestamp from, timestamp now) const {
  auto oldest
    = now
      - std::max<std::chrono::milliseconds>(
        catch_up_ == catch_up_policy::none ? 0ms : window_, schedule_grace);
  std::vector<timestamp> result;
  for (auto at = next(std::max(from, oldest)); at && *at <= now; at = next(*at))
    result.push_back(*at);
  auto keep = catch_up_ == catch_up_policy::all ? most_caught_up : 1;
  // Those that are not late count in any case.
  auto fresh = static_cast<std::size_t>(
    std::count_if(result.begin(), result.end(),
                  [&](timestamp x) { return now - x <= schedule_grace; }));
  keep = std::max(keep, fresh);
  if (result.size() > keep)
    result.erase(result.begin(),
                 result.end() - static_cast<std::ptrdiff_t>(keep));
  return result;
}

timestamp timetable::at(timestamp due) const {
  if (jitter_ == 0ms)
    return due;
  auto span = static_cast<std::uint64_t>(jitter_.count()) + 1;
  auto late = hash_of(name_, due) % span;
  return due + std::chrono::milliseconds{late};
}

} // namespace orc
