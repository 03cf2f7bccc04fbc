#pragma once

#include "persistence/sealing/sealing_key.hpp"

namespace orc {

/// Reads the key of a file of 32 bytes. Where there is none it is made, with a
/// random key and mode 0600, and is durable before this returns.
/// @returns the key, `ec::wrong_key` if the file is missing and `policy`
///          refuses that or if it holds no key, or `ec::store_failed`.
caf::expected<sealing_key>
load_key_file(const std::filesystem::path& file, missing_key policy);

} // namespace orc
