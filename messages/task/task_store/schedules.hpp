#pragma once

#include "messages/schedule/schedule.hpp"

namespace orc {

/// Stores a schedule in place of the one of its name.
struct save_schedule {
  schedule_record is;
  /// If not empty, `find_token` finds `number` by it.
  std::string token = {};
  std::uint64_t number = 0;
  timestamp at = {};

  static constexpr auto fields = describe(
    "save_schedule", "Stores a schedule.",
    field("is", &save_schedule::is, "All of it."),
    field("token", &save_schedule::token, presence::optional, "Once."),
    field("number", &save_schedule::number, presence::optional, "For it."),
    field("at", &save_schedule::at, presence::optional, "When."));
};

struct drop_schedule {
  std::string name;

  static constexpr auto fields
    = describe("drop_schedule", "Removes a schedule.",
               field("name", &drop_schedule::name, "Which."));
};

struct load_schedules {
  static constexpr auto fields
    = describe("load_schedules", "Asks for all schedules.");
};

struct stored_schedules {
  std::vector<schedule_record> items;

  static constexpr auto fields
    = describe("stored_schedules", "All schedules.",
               field("items", &stored_schedules::items, "By name."));
};

} // namespace orc
