#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/names.hpp"
#include "messages/base/timestamp.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orc {

/// What happens when a time has come and what was made last is not done yet.
enum class overlap_policy : std::uint8_t {
  /// Nothing: this time is passed over.
  skip,
  /// It waits until that is done; one at most waits.
  queue,
  /// Both go on.
  allow,
  /// What was made last is aborted first: a run is, tasks are removed.
  abort,
};

template <>
struct enum_names<overlap_policy> {
  static constexpr std::array<std::string_view, 4> values{"skip", "queue",
                                                          "allow", "abort"};
};

/// Which of the times count that came while nobody was there to see them.
enum class catch_up_policy : std::uint8_t { none, last, all };

template <>
struct enum_names<catch_up_policy> {
  static constexpr std::array<std::string_view, 3> values{"none", "last",
                                                          "all"};
};

/// Makes a task, a group of tasks or a run whenever its time has come.
struct schedule_definition {
  std::string name;
  std::optional<std::string> cron;
  std::optional<std::uint64_t> every_secs;
  std::string time_zone = "UTC";
  overlap_policy overlap = overlap_policy::skip;
  catch_up_policy catch_up = catch_up_policy::last;
  std::uint64_t catch_up_window_secs = 86'400;
  std::uint64_t jitter_secs = 0;
  bool is_paused = false;
  json_text task;
  json_text group;
  json_text run;

  static constexpr auto fields = describe(
    "schedule_definition",
    "Makes a task, a group of tasks or a run whenever its time has come.",
    field("name", &schedule_definition::name, presence::optional,
          "1 to 100 letters, digits and `-_.`."),
    field("cron", &schedule_definition::cron, presence::optional,
          "Minute, hour, day of the month, month, day of the week; names, "
          "lists, ranges, steps, `L` for the last day of the month; or "
          "`@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`. This or "
          "`everySecs`."),
    field("everySecs", &schedule_definition::every_secs, presence::optional,
          "s", "Every so many seconds, from when it was made; 1 to 31536000."),
    field("timeZone", &schedule_definition::time_zone, presence::optional,
          "Of `cron`: `UTC`, or a name such as `Europe/Prague`. A time that a "
          "change of the clocks leaves out comes when they have changed; one "
          "that comes twice counts once, unless the hour is `*`."),
    field("overlap", &schedule_definition::overlap, presence::optional,
          "When what was made last is not done: skip, queue (one at most), "
          "allow, or abort (that first); skip if not given."),
    field("catchUp", &schedule_definition::catch_up, presence::optional,
          "Which times count that came while the service was down for more "
          "than 30 s: none, last or all; last if not given."),
    field("catchUpWindowSecs", &schedule_definition::catch_up_window_secs,
          presence::optional, "s",
          "None of them counts that is older; a day if not given, at most "
          "1000 count."),
    field("jitterSecs", &schedule_definition::jitter_secs, presence::optional,
          "s",
          "Each time comes later by 0 to so many seconds, always the same for "
          "the same time; 0 to 86400."),
    field("isPaused", &schedule_definition::is_paused, presence::optional,
          "No time counts meanwhile."),
    field("task", &schedule_definition::task, presence::optional,
          "What is made: a task, as `POST /api/v1/task_group/ID/tasks` takes "
          "it, in the group `taskGroupId`, or in one of its own."),
    field("group", &schedule_definition::group, presence::optional,
          "Or a group: `name`, `isPaused`, and `tasks`, an array as that "
          "route takes it."),
    field("run", &schedule_definition::run, presence::optional,
          "Or a run, as `POST /api/v1/runs` takes it; its name is made of "
          "that of the schedule and the time."));
};

enum class fire_outcome : std::uint8_t {
  made,
  /// What was made last was not done.
  skipped,
  /// It could not be made.
  failed,
};

template <>
struct enum_names<fire_outcome> {
  static constexpr std::array<std::string_view, 3> values{"made", "skipped",
                                                          "failed"};
};

/// What came of one time of a schedule.
struct schedule_fire {
  timestamp due;
  timestamp at;
  fire_outcome outcome = fire_outcome::made;
  std::optional<std::string> task_id;
  std::optional<std::string> group_id;
  std::optional<std::string> run_name;
  std::optional<std::string> run_space;
  std::optional<std::string> error;

  static constexpr auto fields = describe(
    "schedule_fire", "What came of one time of a schedule.",
    field("due", &schedule_fire::due, "When it was due."),
    field("at", &schedule_fire::at, "When that was done."),
    field("outcome", &schedule_fire::outcome, "made, skipped or failed."),
    field("taskId", &schedule_fire::task_id, presence::optional,
          "The task that was made."),
    field("taskGroupId", &schedule_fire::group_id, presence::optional,
          "The group that was made, or that of the task."),
    field("runName", &schedule_fire::run_name, presence::optional,
          "The run that was submitted."),
    field("runNamespace", &schedule_fire::run_space, presence::optional,
          "Its namespace."),
    field("error", &schedule_fire::error, presence::optional,
          "Why nothing was made."));
};

/// All there is to know about a schedule, as it is stored.
struct schedule_record {
  schedule_definition is;
  /// Who sets it anew at each start, and lets it go; "": whoever asked for it.
  std::string owner = {};
  timestamp created_at;
  /// Times up to this one are dealt with, or will be, see `firing`.
  timestamp looked_until;
  /// Times that are being dealt with, in order; the first may have been.
  std::vector<timestamp> firing;
  /// Of `firing`, those that somebody asked for: they wait for nothing.
  std::vector<timestamp> by_hand = {};
  /// It waits until what was made last is done.
  std::optional<timestamp> queued;
  std::uint64_t made = 0;
  std::uint64_t skipped = 0;
  std::uint64_t failed = 0;
  /// The newest first.
  std::vector<schedule_fire> fires;
  std::optional<schedule_fire> last_made;

  static constexpr auto fields = describe(
    "schedule_record", "A schedule as it is stored.",
    field("is", &schedule_record::is, "As it was asked for."),
    field("owner", &schedule_record::owner, presence::optional, "Whose."),
    field("createdAt", &schedule_record::created_at, "When."),
    field("lookedUntil", &schedule_record::looked_until, "Time."),
    field("firing", &schedule_record::firing, "Times."),
    field("byHand", &schedule_record::by_hand, presence::optional, "Times."),
    field("queued", &schedule_record::queued, presence::optional, "Time."),
    field("made", &schedule_record::made, "Times."),
    field("skipped", &schedule_record::skipped, "Times."),
    field("failed", &schedule_record::failed, "Times."),
    field("fires", &schedule_record::fires, "The newest first."),
    field("lastMade", &schedule_record::last_made, presence::optional,
          "Of all."));
};

/// A schedule as users see it.
struct schedule_view {
  std::string name;
  bool is_paused = false;
  std::optional<timestamp> next_at;
  std::optional<timestamp> queued;
  std::uint64_t made = 0;
  std::uint64_t skipped = 0;
  std::uint64_t failed = 0;
  timestamp created_at;
  std::vector<schedule_fire> fires;
  schedule_definition definition;

  static constexpr auto fields = describe(
    "schedule", "A schedule, and what came of it.",
    field("name", &schedule_view::name, "Its name."),
    field("isPaused", &schedule_view::is_paused, "No time counts now."),
    field("nextAt", &schedule_view::next_at, presence::nullable,
          "The next time; null while it is paused, or if there is none."),
    field("queued", &schedule_view::queued, presence::nullable,
          "A time that waits until what was made last is done."),
    field("made", &schedule_view::made, "So many times something was made."),
    field("skipped", &schedule_view::skipped,
          "So many times what was made last was not done."),
    field("failed", &schedule_view::failed,
          "So many times nothing could be "
          "made."),
    field("createdAt", &schedule_view::created_at, "When it was made."),
    field("fires", &schedule_view::fires,
          "What came of the last times, 20 at most, the newest first."),
    field("definition", &schedule_view::definition, "What it is."));
};

} // namespace orc
