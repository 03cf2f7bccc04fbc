#include "persistence/npm/npm_record.hpp"

#include "messages/json/json.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace orc {

namespace {

const unsigned char* bytes(std::string_view x) {
  return reinterpret_cast<const unsigned char*>(x.data());
}

/// @returns nothing if `text` is no base64.
std::optional<std::string> from_base64(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r'))
    text.remove_suffix(1);
  if (text.size() % 4 != 0)
    return std::nullopt;
  std::string result(text.size() / 4 * 3, '\0');
  auto size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                              bytes(text), static_cast<int>(text.size()));
  if (size < 0)
    return std::nullopt;
  // It counts the padding as bytes.
  auto padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
  result.resize(static_cast<std::size_t>(size) - padding);
  return result;
}

/// The library takes digits as they stand, not the bytes that they mean.
std::string derive_key(const secret& key) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  EVP_Digest(key.reveal().data(), key.reveal().size(), hash.data(), &size,
             EVP_sha256(), nullptr);
  std::string result;
  for (std::size_t i = 0; i < 16; ++i)
    result += fmt::format("{:02x}", hash.at(i));
  return result;
}

/// @returns nothing if the key is wrong, as far as the padding tells.
std::optional<std::string>
decrypt(std::string_view data, std::string_view iv, const std::string& key) {
  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context{
    EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free};
  std::string result(data.size() + 16, '\0');
  auto out = reinterpret_cast<unsigned char*>(result.data());
  int first = 0;
  int last = 0;
  if (iv.size() != 16
      || EVP_DecryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr,
                            bytes(key), bytes(iv))
           != 1
      || EVP_DecryptUpdate(context.get(), out, &first, bytes(data),
                           static_cast<int>(data.size()))
           != 1
      || EVP_DecryptFinal_ex(context.get(), out + first, &last) != 1)
    return std::nullopt;
  result.resize(static_cast<std::size_t>(first + last));
  return result;
}

caf::error corrupt(std::string_view problem) {
  return make_error(ec::store_corrupt,
                    fmt::format("the record is none of the npm library's: {}",
                                problem));
}

caf::error wrong_key() {
  return make_error(ec::wrong_key,
                    "the record of the npm library cannot be decrypted: give "
                    "the key that was its persistenceEncryptionKey. Nothing "
                    "was changed");
}

caf::expected<npm_runs> read_sealed(std::string_view body, const secret& key) {
  auto text = from_json<std::string>(body);
  auto inner = text ? from_base64(*text) : std::nullopt;
  auto sealed = inner ? from_json<npm_sealed>(*inner)
                      : caf::expected<npm_sealed>{caf::error{}};
  if (!inner || !sealed)
    return corrupt("a text that is not encrypted by it");
  auto data = from_base64(sealed->data);
  auto iv = from_base64(sealed->iv);
  if (!data || !iv)
    return corrupt("a cipher text that is no base64");
  auto plain = decrypt(*data, *iv, derive_key(key));
  auto result = plain ? from_json<npm_runs>(*plain)
                      : caf::expected<npm_runs>{wrong_key()};
  return result ? std::move(result) : wrong_key();
}

} // namespace

caf::expected<npm_runs>
read_npm_record(std::string_view body, const secret& key) {
  auto first = body.find_first_not_of(" \t\r\n");
  auto is_sealed = first != std::string_view::npos && body[first] == '"';
  if (is_sealed && key.empty())
    return make_error(ec::wrong_key,
                      "the record of the npm library is encrypted: give its "
                      "persistenceEncryptionKey");
  if (is_sealed)
    return read_sealed(body, key);
  if (!key.empty())
    return make_error(ec::wrong_key,
                      "the record of the npm library is not encrypted: leave "
                      "its key out");
  auto result = from_json<npm_runs>(body);
  if (!result)
    return corrupt(message_of(result.error()));
  return result;
}

} // namespace orc
