#pragma once

#include "app/config/config.hpp"
#include "messages/bus/settings.hpp"
#include "messages/hook.hpp"

#include <caf/expected.hpp>

#include <optional>

namespace orc::app {

/// @returns how the bus is reached, nothing if there is none, or
///          `ec::bad_config` that names the option.
caf::expected<std::optional<bus_settings>> bus_settings_of(const config& x);

/// @returns what the store owes the bus: every fact; nothing if there is no
/// bus.
std::optional<hook_filter> bus_filter(const config& x);

} // namespace orc::app
