#pragma once

#include "app/config/config.hpp"
#include "messages/hooks.hpp"

#include <caf/expected.hpp>

#include <vector>

namespace orc::app {

/// @returns the webhooks of a configuration, or `ec::bad_config` that names the
///          option and what to do.
caf::expected<std::vector<hook_settings>> webhooks_of(const config& x);

} // namespace orc::app
