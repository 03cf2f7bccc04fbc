#pragma once

#include "app/config/config.hpp"
#include "messages/schedule/schedules.hpp"

#include <caf/actor_system.hpp>

namespace orc::app {

/// Tells SCHEDULES which ones the configuration has, those of its pools apart:
/// they are made or changed, and those that it has no more are removed.
/// @param to nobody where there are no tasks.
/// @returns `ec::name_conflict` if one of that name was made by hand.
[[nodiscard]] caf::error
keep_file_schedules(caf::actor_system& system, const schedules_actor& to,
                    const config& options);

} // namespace orc::app
