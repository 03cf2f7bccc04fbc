#pragma once

#include "messages/splitter.hpp"

#include <caf/expected.hpp>

#include <string>

namespace caf {
class actor_system;
} // namespace caf

namespace orc::app {

/// Spawns an item source that reads a file, on a thread of its own.
/// @param path `-` is standard input, which is copied to a file without a name
///             first, since a list is read more than once.
/// @returns `ec::bad_config` that says why the file cannot be read.
[[nodiscard]] caf::expected<item_source_actor>
open_file_source(caf::actor_system& system, const std::string& path);

} // namespace orc::app
