#pragma once

#include "messages/run.hpp"

#include <string>
#include <vector>

namespace orc::app {

/// @returns the lines of a table of runs.
/// @param width most characters of a line; 0 means no limit.
std::vector<std::string>
list_lines(const std::vector<run>& runs, std::size_t width, timestamp now);

/// Prints that table, as wide as the terminal.
void print_runs(const std::vector<run>& runs);

} // namespace orc::app
