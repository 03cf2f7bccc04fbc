#include "persistence/sealing/sealer.hpp"

#include <sodium.h>

namespace orc {

namespace {

// A sealed value is its format, a nonce, the cipher text and its tag.
constexpr char format = 1;
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t head_size = 1 + nonce_size;

const unsigned char* bytes(std::string_view x) {
  return reinterpret_cast<const unsigned char*>(x.data());
}

unsigned char* bytes(std::string& x) {
  return reinterpret_cast<unsigned char*>(x.data());
}

} // namespace

std::string sealer::seal(std::string_view value, std::string_view place) const {
  std::string result(head_size + value.size() + tag_size, format);
  auto nonce = bytes(result) + 1;
  randombytes_buf(nonce, nonce_size);
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(result) + head_size, nullptr,
                                             bytes(value), value.size(),
                                             bytes(place), place.size(),
                                             nullptr, nonce, key_.data());
  return result;
}

std::optional<std::string>
sealer::open(std::string_view sealed, std::string_view place) const {
  if (sealed.size() < head_size + tag_size || sealed.front() != format)
    return std::nullopt;
  std::string result(sealed.size() - head_size - tag_size, '\0');
  auto problem = crypto_aead_xchacha20poly1305_ietf_decrypt(
    bytes(result), nullptr, nullptr, bytes(sealed) + head_size,
    sealed.size() - head_size, bytes(place), place.size(), bytes(sealed) + 1,
    key_.data());
  if (problem != 0)
    return std::nullopt;
  return result;
}

} // namespace orc
