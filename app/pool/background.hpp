#pragma once

#include <caf/expected.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace orc::app {

/// Starts this program in the background, in a session of its own, and waits
/// until the pools of a data directory are open. What it prints goes to
/// `<data>/tmp/workers/orchestrator.log`.
/// @param arguments of the command line: `pool run …`.
/// @returns its pid, or why it ended.
[[nodiscard]] caf::expected<int>
start_in_background(const std::vector<std::string>& arguments,
                    const std::filesystem::path& data);

} // namespace orc::app
