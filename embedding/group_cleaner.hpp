#pragma once

#include "messages/task/tasks.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <chrono>

namespace orc {

/// Removes groups of tasks once they are old: at the start and every hour, a
/// few at a time.
struct clean_now {
  static constexpr auto fields = describe("clean_now", "Removes old groups.");
};

using group_cleaner_actor = caf::typed_actor<caf::reacts_to<clean_now>>;

group_cleaner_actor::behavior_type
group_cleaner(group_cleaner_actor::pointer self, tasks_actor tasks,
              std::chrono::milliseconds age);

} // namespace orc
