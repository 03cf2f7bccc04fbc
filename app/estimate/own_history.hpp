#pragma once

#include "app/client/api_client.hpp"
#include "app/config/config.hpp"
#include "app/estimate/history.hpp"

#include <caf/error.hpp>

namespace orc::app {

/// Adds the newest runs that finished, at most 20,000, from the store of a data
/// folder. A folder that is not there adds nothing, and is not made.
/// @returns `ec::store_locked` if a service uses it: ask that one.
[[nodiscard]] caf::error
add_stored_runs(const config& options, run_history& to);

/// The same, from a service that runs.
[[nodiscard]] caf::error add_served_runs(api_client& client, run_history& to);

} // namespace orc::app
