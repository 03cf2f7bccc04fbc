#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace orc::server {

/// @returns the bytes of a base64 text, with or without padding; nothing if it
///          is none.
std::optional<std::string> decode_base64(std::string_view text);

} // namespace orc::server
