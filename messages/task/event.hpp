#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"

#include <string>

namespace orc {

/// A fact about a task or a group, told after it is durable, in the words of
/// Crew's clients.
struct task_event {
  /// Id of the group whose watchers are told.
  std::string room;
  /// Such as `task:update`.
  std::string name;
  /// JSON.
  json_text data;

  static constexpr auto fields
    = describe("task_event", "A fact about a task or a group.",
               field("room", &task_event::room, "Id of a group."),
               field("name", &task_event::name, "Such as `task:update`."),
               field("data", &task_event::data, "What it is about."));
};

} // namespace orc
