#include "transport/hooks/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace orc::webhook {

namespace {

constexpr std::string_view key_prefix = "whsec_";

constexpr std::size_t least_key_bytes = 24;
constexpr std::size_t most_key_bytes = 64;

const unsigned char* bytes(std::string_view x) {
  return reinterpret_cast<const unsigned char*>(x.data());
}

/// @returns nothing unless `text` is base64 with its padding.
std::optional<std::string> decode_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0)
    return std::nullopt;
  std::string result(text.size() / 4 * 3, '\0');
  auto size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                              bytes(text), static_cast<int>(text.size()));
  if (size < 0)
    return std::nullopt;
  // OpenSSL counts the padding as bytes.
  auto padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
  result.resize(static_cast<std::size_t>(size) - padding);
  return result;
}

std::string encode_base64(const unsigned char* data, unsigned size) {
  std::string result(4 * ((size + 2) / 3) + 1, '\0');
  auto length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                                data, static_cast<int>(size));
  result.resize(static_cast<std::size_t>(length));
  return result;
}

} // namespace

std::optional<signer> signer::make(const secret& key) {
  auto text = std::string_view{key.reveal()};
  if (!text.starts_with(key_prefix))
    return std::nullopt;
  auto decoded = decode_base64(text.substr(key_prefix.size()));
  if (!decoded || decoded->size() < least_key_bytes
      || decoded->size() > most_key_bytes)
    return std::nullopt;
  return signer{*decoded};
}

std::string
signer::sign(std::string_view id, timestamp at, std::string_view body) const {
  auto text = std::string{id} + '.' + signed_time(at) + '.';
  text += body;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), bytes(text),
       text.size(), digest.data(), &size);
  return "v1," + encode_base64(digest.data(), size);
}

std::string signed_time(timestamp at) {
  return std::to_string(at.millis / 1000);
}

} // namespace orc::webhook
