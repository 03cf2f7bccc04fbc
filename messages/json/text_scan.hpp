#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace orc {

/// Looks at eight bytes at a time, since lists are long and their strings, too.
namespace text_scan {

inline constexpr std::uint64_t ones = 0x0101010101010101;
inline constexpr std::uint64_t highs = 0x8080808080808080;

/// @returns a high bit for each byte of `word` that is below `limit`; bytes
///          behind the first one may be marked wrongly.
/// @param limit at most 128
constexpr std::uint64_t below(std::uint64_t word, std::uint64_t limit) {
  return (word - ones * limit) & ~word & highs;
}

/// Same for bytes that equal `byte`.
constexpr std::uint64_t equal(std::uint64_t word, unsigned char byte) {
  return below(word ^ (ones * byte), 1);
}

/// @returns the first byte from `at` on that a JSON string cannot hold as it
///          is: a quote, a backslash or a control character; or `text.size()`.
inline std::size_t end_of_plain(std::string_view text, std::size_t at) {
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof(word));
    if (below(word, 0x20) | equal(word, '"') | equal(word, '\\'))
      break;
  }
  for (; at < text.size(); ++at) {
    auto c = static_cast<unsigned char>(text[at]);
    if (c < 0x20 || c == '"' || c == '\\')
      break;
  }
  return at;
}

} // namespace text_scan

} // namespace orc
