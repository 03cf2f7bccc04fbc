#pragma once

#include <caf/expected.hpp>

#include <string>

namespace orc::app {

/// @returns what a file holds. Fails with `ec::bad_config`; the message names
///          the file, says why it cannot be read and what to look at.
caf::expected<std::string> read_file(const std::string& path);

/// The same; `-` is standard input.
caf::expected<std::string> read_file_or_input(const std::string& path);

} // namespace orc::app
