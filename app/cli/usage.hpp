#pragma once

#include "app/cli/command_line.hpp"

#include <string>

namespace orc::app {

/// Adds all commands, and what `--help` teaches.
void describe_usage(CLI::App& app, command_action& action);

/// @returns what to tell about a first word that is no command, or "".
std::string unknown_command(const CLI::App& app, int argc, char** argv);

/// @returns one sentence about a command line that cannot be understood, with a
///          hint where an option was misspelt.
std::string explain(const CLI::App& app, const CLI::ParseError& error);

} // namespace orc::app
