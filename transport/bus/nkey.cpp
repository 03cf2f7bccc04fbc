#include "transport/bus/nkey.hpp"

#include "messages/base/error.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <string_view>

namespace orc::bus {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Two bytes of prefix, 32 of the key, two of checksum.
constexpr std::size_t seed_size = 36;
constexpr std::size_t key_size = 32;

/// Prefix of every seed: `S`.
constexpr std::uint8_t seed_prefix = 18 << 3;

std::optional<std::string> decode_base32(std::string_view text) {
  std::string result;
  std::uint32_t bits = 0;
  auto count = 0;
  for (auto c : text) {
    auto value = alphabet.find(c);
    if (value == std::string_view::npos)
      return std::nullopt;
    bits = bits << 5 | static_cast<std::uint32_t>(value);
    count += 5;
    if (count < 8)
      continue;
    count -= 8;
    result += static_cast<char>(bits >> count & 0xFF);
  }
  return result;
}

std::string encode_base32(std::string_view bytes) {
  std::string result;
  std::uint32_t bits = 0;
  auto count = 0;
  for (auto c : bytes) {
    bits = bits << 8 | static_cast<std::uint8_t>(c);
    for (count += 8; count >= 5; count -= 5)
      result += alphabet[bits >> (count - 5) & 31];
  }
  if (count > 0)
    result += alphabet[bits << (5 - count) & 31];
  return result;
}

/// CRC-16 of XMODEM.
std::uint16_t checksum(std::string_view bytes) {
  std::uint32_t crc = 0;
  for (auto c : bytes) {
    crc ^= static_cast<std::uint32_t>(static_cast<std::uint8_t>(c)) << 8;
    for (auto i = 0; i < 8; ++i)
      crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
  }
  return static_cast<std::uint16_t>(crc & 0xFFFF);
}

std::optional<std::string> public_bytes(std::string_view raw) {
  auto data = reinterpret_cast<const unsigned char*>(raw.data());
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{
    EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, data, raw.size()),
    &EVP_PKEY_free};
  std::array<unsigned char, key_size> result{};
  auto size = result.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), result.data(), &size) != 1)
    return std::nullopt;
  return std::string{result.begin(), result.end()};
}

} // namespace

caf::expected<std::string> public_nkey(const secret& seed) {
  auto problem = make_error(ec::bad_config, "nats.nkey_file: holds no seed of "
                                            "an nkey, such as SUA…");
  auto bytes = decode_base32(seed.reveal());
  if (!bytes || bytes->size() != seed_size)
    return problem;
  auto first = static_cast<std::uint8_t>((*bytes)[0]);
  auto second = static_cast<std::uint8_t>((*bytes)[1]);
  if ((first & 0xF8) != seed_prefix)
    return problem;
  auto key = public_bytes(std::string_view{*bytes}.substr(2, key_size));
  if (!key)
    return problem;
  // The kind of key, such as `U` for users, is spread over two bytes.
  std::string result{static_cast<char>((first & 7) << 5 | second >> 3)};
  result += *key;
  auto sum = checksum(result);
  result += static_cast<char>(sum & 0xFF);
  result += static_cast<char>(sum >> 8);
  return encode_base32(result);
}

caf::expected<std::string> public_nkey_of_file(const std::string& path) {
  std::ifstream in{path};
  for (std::string line; std::getline(in, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
      line.pop_back();
    if (line.starts_with('S'))
      return public_nkey(secret{line});
  }
  return make_error(ec::bad_config,
                    fmt::format("nats.nkey_file: {} holds no seed or cannot "
                                "be read",
                                path));
}

} // namespace orc::bus
