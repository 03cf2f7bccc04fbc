#pragma once

#include "app/cli/command_line.hpp"
#include "app/items/reading_flags.hpp"

namespace orc::app {

/// Adds what says which items to read to a command.
void add_reading_flags(CLI::App& command, reading_flags& x);

} // namespace orc::app
