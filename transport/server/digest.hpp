#pragma once

#include <openssl/sha.h>

#include <array>
#include <string>
#include <string_view>

namespace orc::server {

/// @returns the SHA-256 of `text`, 32 bytes.
inline std::string sha256(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> result{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         result.data());
  return {result.begin(), result.end()};
}

} // namespace orc::server
