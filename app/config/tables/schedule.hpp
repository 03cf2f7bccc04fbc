#pragma once

#include "messages/base/fields.hpp"
#include "messages/schedule/schedule.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace orc::app {

/// A task that is made at its times, in the configuration file: a schedule, see
/// `schedule_definition`.
struct schedule_entry {
  std::string name;
  std::string channel;
  std::string input = "null";
  std::optional<std::uint64_t> every;
  std::string cron;
  std::string time_zone = "UTC";
  overlap_policy overlap = overlap_policy::skip;
  catch_up_policy catch_up = catch_up_policy::last;
  std::uint64_t jitter = 0;

  static constexpr auto fields = describe(
    "schedules", "A task that is made at its times, while a daemon runs.",
    field("name", &schedule_entry::name, "What its tasks are called."),
    field("channel", &schedule_entry::channel, "Whose workers do it."),
    field("input", &schedule_entry::input, presence::optional,
          "JSON: what they get."),
    field("every", &schedule_entry::every, presence::optional, "s",
          "Every so many, counted from when it was there first; this or cron."),
    field("cron", &schedule_entry::cron, presence::optional,
          "Minute, hour, day of the month, month, day of the week; or "
          "@hourly, @daily, @weekly, @monthly, @yearly."),
    field("time_zone", &schedule_entry::time_zone, presence::optional,
          "Of cron, such as Europe/Prague."),
    field("overlap", &schedule_entry::overlap, presence::optional,
          "While the task before is not done: skip, queue, allow, or abort "
          "that one first."),
    field("catch_up", &schedule_entry::catch_up, presence::optional,
          "Of times that came while nobody ran: none, last or all."),
    field("jitter", &schedule_entry::jitter, presence::optional, "s",
          "Each time comes later by up to so many."));
};

} // namespace orc::app
