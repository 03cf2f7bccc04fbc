#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"
#include "messages/schedule/schedule.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace orc::app {

/// A task that a pool makes at its times, in the configuration file: a
/// schedule, see `schedule_definition`.
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
  bool paused = false;

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
          "Each time comes later by up to so many."),
    field("paused", &schedule_entry::paused, presence::optional,
          "No time counts meanwhile."));
};

/// What a service makes at its times, in the configuration file: a schedule as
/// `POST /api/v1/schedules` takes it, see `schedule_definition`.
struct file_schedule {
  std::string name;
  std::optional<std::uint64_t> every;
  std::string cron;
  std::string time_zone = "UTC";
  overlap_policy overlap = overlap_policy::skip;
  catch_up_policy catch_up = catch_up_policy::last;
  std::uint64_t catch_up_window = 86'400;
  std::uint64_t jitter = 0;
  bool paused = false;
  json_text task;
  json_text group;
  json_text run;

  static constexpr auto fields = describe(
    "schedules", "What a service makes at its times.",
    field("name", &file_schedule::name, "What it is called."),
    field("every", &file_schedule::every, presence::optional, "s",
          "Every so many, counted from when it was there first; this or cron."),
    field("cron", &file_schedule::cron, presence::optional,
          "Minute, hour, day of the month, month, day of the week; or "
          "@hourly, @daily, @weekly, @monthly, @yearly."),
    field("time_zone", &file_schedule::time_zone, presence::optional,
          "Of cron, such as Europe/Prague."),
    field("overlap", &file_schedule::overlap, presence::optional,
          "While what was made before is not done: skip, queue, allow, or "
          "abort that first."),
    field("catch_up", &file_schedule::catch_up, presence::optional,
          "Of times that came while the service was down: none, last or all."),
    field("catch_up_window", &file_schedule::catch_up_window,
          presence::optional, "s", "None of them counts that is older."),
    field("jitter", &file_schedule::jitter, presence::optional, "s",
          "Each time comes later by up to so many."),
    field("paused", &file_schedule::paused, presence::optional,
          "No time counts meanwhile."),
    field("task", &file_schedule::task, presence::optional,
          "What is made: a task, as the API takes it, such as { channel = "
          "\"tidy\", input = 3 }."),
    field("group", &file_schedule::group, presence::optional,
          "Or a group of tasks, such as { tasks = [{ channel = \"tidy\" }] }."),
    field("run", &file_schedule::run, presence::optional,
          "Or a run, such as { actor = \"apify/web-scraper\", input = {} }."));
};

} // namespace orc::app
