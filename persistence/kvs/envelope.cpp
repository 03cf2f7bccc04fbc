#include "persistence/kvs/envelope.hpp"

#include "messages/base/error.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <sodium.h>
#include <vector>

namespace orc::kvs {

namespace {

constexpr std::string_view magic = "apify-orchestrator-state";
constexpr unsigned version = 1;

std::string checksum(std::string_view bytes) {
  std::array<unsigned char, crypto_generichash_BYTES> hash{};
  crypto_generichash(hash.data(), hash.size(),
                     reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size(), nullptr, 0);
  std::array<char, 2 * crypto_generichash_BYTES + 1> text{};
  sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
  return text.data();
}

/// What sealed bytes belong to: no record can stand in for another, and none
/// can be cut off unseen.
std::string place_of(std::string_view key, bool has_more) {
  return fmt::format("{} {}", has_more ? "more" : "last", key);
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> result;
  while (!line.empty()) {
    auto word = line.substr(0, line.find(' '));
    result.push_back(word);
    line.remove_prefix(std::min(word.size() + 1, line.size()));
  }
  return result;
}

caf::error corrupt(std::string_view key, std::string_view problem) {
  return make_error(ec::store_corrupt,
                    fmt::format("record {} is damaged: {}. Nothing was "
                                "changed; put it back from a copy, or choose "
                                "another prefix to begin anew",
                                key, problem));
}

/// @returns the number of a version that is newer than ours, or 0.
unsigned newer_version(const std::vector<std::string_view>& words) {
  unsigned number = 0;
  if (words.size() > 1 && words[0] == magic)
    std::from_chars(words[1].data(), words[1].data() + words[1].size(), number);
  return number > version ? number : 0;
}

} // namespace

std::string envelope::wrap(const content& x, std::string_view key) const {
  auto sealed = sealer_ ? sealer_->seal(x.payload, place_of(key, x.has_more))
                        : std::string{};
  std::string_view body = sealer_ ? sealed : x.payload;
  return fmt::format("{} {} {} {} {}\n{}", magic, version,
                     sealer_ ? "sealed" : "plain", x.has_more ? "more" : "last",
                     checksum(body), body);
}

caf::expected<content>
envelope::unwrap(std::string_view bytes, std::string_view key) const {
  auto line = bytes.substr(0, std::min(bytes.find('\n'), std::size_t{200}));
  auto words = words_of(line);
  if (auto number = newer_version(words))
    return make_error(ec::store_newer,
                      fmt::format("record {} is of format {}, this version "
                                  "knows up to {}: use a newer one. Nothing "
                                  "was changed",
                                  key, number, version));
  if (words.size() != 5 || words[0] != magic || line.size() == bytes.size())
    return corrupt(key, "it is none of ours");
  auto body = bytes.substr(line.size() + 1);
  if (checksum(body) != words[4])
    return corrupt(key, "its checksum is another");
  auto is_sealed = words[2] == "sealed";
  auto has_more = words[3] == "more";
  if (is_sealed != seals())
    return make_error(ec::wrong_key,
                      is_sealed ? fmt::format("record {} is encrypted: give "
                                              "the encryption key",
                                              key)
                                : fmt::format("record {} is not encrypted: "
                                              "leave the encryption key out, "
                                              "or choose another prefix",
                                              key));
  if (!is_sealed)
    return content{std::string{body}, has_more};
  auto opened = sealer_->open(body, place_of(key, has_more));
  if (!opened)
    return make_error(ec::wrong_key,
                      fmt::format("record {} cannot be decrypted: the "
                                  "encryption key is another one. Nothing was "
                                  "changed",
                                  key));
  return content{std::move(*opened), has_more};
}

} // namespace orc::kvs
