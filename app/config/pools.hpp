#pragma once

#include "app/config/config.hpp"
#include "messages/pool/pool_settings.hpp"
#include "messages/schedule/schedule.hpp"

#include <caf/expected.hpp>

#include <vector>

namespace orc::app {

/// Gives names to pools and workers that have none, so that each can be spoken
/// of.
void name_pools(config& x);

/// @returns all pools that have workers, as they were written.
std::vector<pool_entry> pool_entries_of(const config& x);

/// @returns the same as pools take them, or `ec::bad_config` that names the
///          option and what to do. Commands are as they were written.
/// @pre `name_pools`
[[nodiscard]] caf::expected<std::vector<pool_settings>>
pools_of(const config& x);

/// @returns the schedules of all pools, or `ec::bad_config`.
[[nodiscard]] caf::expected<std::vector<schedule_definition>>
pool_schedules_of(const config& x);

} // namespace orc::app
