#pragma once

#include "app/cli/command_line.hpp"

namespace orc::app {

/// Adds `pool`: local workers without a service, or for one.
void add_pool(CLI::App& app, command_action& action);

} // namespace orc::app
