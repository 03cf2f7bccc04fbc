#include "emulator/storage/digest.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <cctype>

namespace orc::emulator {

namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string sha256(std::string_view bytes) {
  auto result = std::string(SHA256_DIGEST_LENGTH, '\0');
  SHA256(bytes_of(bytes), bytes.size(),
         reinterpret_cast<unsigned char*>(result.data()));
  return result;
}

} // namespace

std::string request_id_of(std::string_view unique_key) {
  constexpr auto length = std::size_t{15};
  auto result = std::string{};
  for (const auto c : to_base64(sha256(unique_key)))
    if (std::isalnum(static_cast<unsigned char>(c)) != 0
        && result.size() < length)
      result.push_back(c);
  return result;
}

std::string to_base64(std::string_view bytes) {
  // OpenSSL ends the text with a NUL.
  auto result = std::string((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const auto n
    = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                      bytes_of(bytes), static_cast<int>(bytes.size()));
  result.resize(static_cast<std::size_t>(n));
  return result;
}

std::string from_base64(std::string_view text) {
  auto padded = std::string{text};
  while (padded.size() % 4 != 0)
    padded.push_back('=');
  auto result = std::string(padded.size() / 4 * 3 + 1, '\0');
  const auto n
    = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                      bytes_of(padded), static_cast<int>(padded.size()));
  if (n < 0)
    return {};
  result.resize(static_cast<std::size_t>(n));
  // What stands for the padding decodes to NUL.
  for (auto i = padded.size(); i > 0 && padded[i - 1] == '='; --i)
    if (!result.empty())
      result.pop_back();
  return result;
}

std::string sha256_hex(std::string_view bytes) {
  static constexpr auto digits = std::string_view{"0123456789abcdef"};
  auto result = std::string{};
  for (const auto c : sha256(bytes)) {
    const auto u = static_cast<unsigned char>(c);
    result.push_back(digits[u >> 4]);
    result.push_back(digits[u & 15]);
  }
  return result;
}

} // namespace orc::emulator
