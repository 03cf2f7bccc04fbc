#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace orc {

using csv_row = std::vector<std::string>;

/// Reads CSV as RFC 4180 has it: cells in quotes may hold commas, quotes and
/// line breaks. A byte order mark is skipped.
std::vector<csv_row> parse_csv(std::string_view text);

/// @returns a row as one line with its line break; cells are quoted where they
///          must be.
std::string print_csv(const csv_row& row, char delimiter = ',');

} // namespace orc
