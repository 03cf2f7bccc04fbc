#pragma once

#include "app/cli/command_line.hpp"

namespace orc::app {

/// Adds `emulate`: a local Apify platform until SIGINT or SIGTERM.
void add_emulate(CLI::App& app, command_action& action);

} // namespace orc::app
