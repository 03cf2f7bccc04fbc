#pragma once

#include "messages/base/error.hpp"
#include "messages/base/message.hpp"
#include "messages/schedule/schedule.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace orc {

/// Makes a schedule, or puts a definition in place of what one was. Fails with
/// `ec::bad_field`.
struct set_schedule {
  schedule_definition is;
  /// Fails with `ec::name_conflict` if there is one of that name.
  bool must_be_new = false;
  /// If not empty, whose it is from now on: see `keep_schedules`.
  std::string owner = {};
  /// If not empty: the schedule that was made under the same token before is
  /// answered with, and none is made. Without one if it is gone.
  std::string token = {};

  static constexpr auto fields = describe(
    "set_schedule", "Makes or changes a schedule.",
    field("is", &set_schedule::is, "As it shall be."),
    field("mustBeNew", &set_schedule::must_be_new, "Not known."),
    field("owner", &set_schedule::owner, "Whose."),
    field("token", &set_schedule::token, presence::optional, "Once."));
};

/// Says which schedules somebody has, such as a configuration: makes and
/// changes them, and removes those of the same owner that are not among them
/// any more. Fails with `ec::bad_field`, and with `ec::name_conflict` where
/// there is one of that name that is not the owner's.
struct keep_schedules {
  std::string owner;
  std::vector<schedule_definition> items;

  static constexpr auto fields
    = describe("keep_schedules", "Says which schedules somebody has.",
               field("owner", &keep_schedules::owner, "Who."),
               field("items", &keep_schedules::items, "All of them."));
};

enum class schedule_verb : std::uint8_t {
  pause,
  resume,
  /// Makes at once what it makes, whatever the time, paused or not.
  run,
  remove,
};

template <>
struct enum_names<schedule_verb> {
  static constexpr std::array<std::string_view, 4> values{"pause", "resume",
                                                          "run", "remove"};
};

/// Does something with a schedule. Fails with `ec::not_found`.
struct change_schedule {
  schedule_verb verb = schedule_verb::pause;
  std::string name;
  /// For `run`, if not empty: under the same token it is done once.
  std::string token = {};

  static constexpr auto fields = describe(
    "change_schedule", "Does something with a schedule.",
    field("verb", &change_schedule::verb, "What."),
    field("name", &change_schedule::name, "With which."),
    field("token", &change_schedule::token, presence::optional, "Once."));
};

struct get_schedules {
  /// If not empty, only this one; fails with `ec::not_found` then.
  std::string name = {};

  static constexpr auto fields
    = describe("get_schedules", "Asks for schedules.",
               field("name", &get_schedules::name, "Only this one."));
};

struct schedule_views {
  std::vector<schedule_view> items;

  static constexpr auto fields
    = describe("schedules", "Schedules, by name.",
               field("items", &schedule_views::items, "Those asked for."));
};

/// Asks for the next times of a schedule, or of one that is none yet. Fails
/// with `ec::not_found` and `ec::bad_field`.
struct preview_schedule {
  /// Of a schedule, if not empty.
  std::string name;
  std::optional<std::string> cron = {};
  std::optional<std::uint64_t> every_secs = {};
  std::string time_zone = "UTC";
  std::uint32_t count = 5;

  static constexpr auto fields = describe(
    "preview_schedule", "Asks for times.",
    field("name", &preview_schedule::name, presence::optional,
          "Of this schedule."),
    field("cron", &preview_schedule::cron, presence::optional, "Of this one."),
    field("everySecs", &preview_schedule::every_secs, presence::optional,
          "Of this one."),
    field("timeZone", &preview_schedule::time_zone, presence::optional,
          "Of `cron`."),
    field("count", &preview_schedule::count, presence::optional, "So many."));
};

struct schedule_times {
  std::vector<timestamp> items;

  static constexpr auto fields
    = describe("schedule_times", "The next times of a schedule.",
               field("items", &schedule_times::items, "In order."));
};

/// The SCHEDULES interface. All answers come after what they say is durable.
using schedules_actor
  = caf::typed_actor<caf::replies_to<set_schedule>::with<schedule_views>,
                     // With those that the owner has now.
                     caf::replies_to<keep_schedules>::with<schedule_views>,
                     // Without an item if it was removed. After `run` with what
                     // came of it.
                     caf::replies_to<change_schedule>::with<schedule_views>,
                     caf::replies_to<get_schedules>::with<schedule_views>,
                     caf::replies_to<preview_schedule>::with<schedule_times>>;

} // namespace orc

#define ORC_SCHEDULE_MESSAGES(X)                                               \
  X(orc::set_schedule)                                                         \
  X(orc::keep_schedules)                                                       \
  X(orc::change_schedule)                                                      \
  X(orc::get_schedules)                                                        \
  X(orc::schedule_views)                                                       \
  X(orc::preview_schedule)                                                     \
  X(orc::schedule_times)

ORC_SCHEDULE_MESSAGES(ORC_DECLARE_MESSAGE)
