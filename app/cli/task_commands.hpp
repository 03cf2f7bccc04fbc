#pragma once

#include "app/cli/command_line.hpp"

namespace orc::app {

// Commands about tasks, each in a source of its own.

void add_schedules(CLI::App& app, command_action& action);
void add_workgroups(CLI::App& app, command_action& action);

} // namespace orc::app
