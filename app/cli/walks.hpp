#pragma once

#include "app/cli/command_line.hpp"

#include <caf/expected.hpp>

#include <string>

namespace orc::app {

/// Adds the command `batch`.
void add_walks(CLI::App& app, command_action& action);

/// Adds those of its commands that ask a service.
void add_walk_verbs(CLI::App& parent, command_action& action);

/// @param text a file, `@FILE`, `-` or JSON.
/// @returns the specification of a batch.
[[nodiscard]] caf::expected<std::string>
read_walk_argument(const std::string& text);

} // namespace orc::app
