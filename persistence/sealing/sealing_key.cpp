#include "persistence/sealing/sealing_key.hpp"

#include "messages/base/error.hpp"
#include "persistence/sealing/key_file.hpp"

#include <algorithm>
#include <optional>
#include <sodium.h>

namespace orc {

namespace {

static_assert(sealing_key::size == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

std::optional<sealing_key> decode(std::string_view text) {
  std::array<unsigned char, sealing_key::size> bytes{};
  std::size_t size = 0;
  auto problem = sodium_base642bin(bytes.data(), bytes.size(), text.data(),
                                   text.size(), "\n\r ", &size, nullptr,
                                   sodium_base64_VARIANT_ORIGINAL);
  if (problem != 0 || size != bytes.size())
    return std::nullopt;
  auto result = sealing_key{{reinterpret_cast<char*>(bytes.data()), size}};
  sodium_memzero(bytes.data(), bytes.size());
  return result;
}

caf::expected<sealing_key>
stretch(const std::string& passphrase, std::string_view salt) {
  std::array<unsigned char, sealing_key::size> bytes{};
  if (salt.size() != crypto_pwhash_SALTBYTES
      || crypto_pwhash(
           bytes.data(), bytes.size(), passphrase.data(), passphrase.size(),
           reinterpret_cast<const unsigned char*>(salt.data()),
           crypto_pwhash_OPSLIMIT_INTERACTIVE,
           crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13)
           != 0)
    return make_error(ec::wrong_key,
                      "the passphrase of the sealing key cannot be used: it "
                      "takes 64 MiB of memory, and the salt of the store");
  auto result
    = sealing_key{{reinterpret_cast<char*>(bytes.data()), bytes.size()}};
  sodium_memzero(bytes.data(), bytes.size());
  return result;
}

} // namespace

sealing_key::sealing_key(std::string_view bytes) {
  std::copy_n(bytes.begin(), size, bytes_.begin());
}

sealing_key::~sealing_key() {
  sodium_memzero(bytes_.data(), bytes_.size());
}

std::string make_salt() {
  std::string result(crypto_pwhash_SALTBYTES, '\0');
  randombytes_buf(result.data(), result.size());
  return result;
}

caf::expected<sealing_key>
obtain_key(const key_source& source, std::string_view salt,
           missing_key policy) {
  if (sodium_init() < 0)
    return make_error(ec::store_failed, "libsodium finds no random numbers");
  if (source.text.empty())
    return load_key_file(source.file, policy);
  if (auto key = decode(source.text.reveal()))
    return *key;
  return stretch(source.text.reveal(), salt);
}

} // namespace orc
