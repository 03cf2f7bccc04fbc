#pragma once

#include <string>
#include <string_view>

namespace orc::emulator {

/// @returns the id that a request with this unique key has on the platform and
/// in its SDKs: the first 15 letters and digits of the Base64 of its SHA-256.
std::string request_id_of(std::string_view unique_key);

std::string to_base64(std::string_view bytes);

/// @returns "" if `text` is no Base64.
std::string from_base64(std::string_view text);

/// @returns the SHA-256 of `bytes` in hexadecimal.
std::string sha256_hex(std::string_view bytes);

} // namespace orc::emulator
