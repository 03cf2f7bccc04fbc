#pragma once

#include <string>
#include <string_view>

namespace orc::emulator {

/// Reads base64, standard or URL-safe; skips what is no part of it.
std::string decode_base64(std::string_view text);

} // namespace orc::emulator
