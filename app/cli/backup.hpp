#pragma once

#include "app/cli/command_line.hpp"

namespace orc::app {

void add_backup(CLI::App& app, command_action& action);
void add_restore(CLI::App& app, command_action& action);

} // namespace orc::app
