#pragma once

#include "app/config/config.hpp"

#include <optional>

namespace orc::app {

/// The third line of `orchestrator.pid` where a service has the pools.
inline constexpr auto service_kind = "serve";

// Who keeps the pools of a data directory, and with which workers. All return
// exit codes.

/// Says that one runs already.
/// @returns nothing if none does.
std::optional<int> print_if_running(const config& options, bool json);

int print_is_running(const config& options, bool json);
int print_pool_status(const config& options, bool json);

/// Stops the one that runs, and waits for it.
int stop_pools(const config& options, bool json);

} // namespace orc::app
