#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

namespace orc {

/// A fingerprint of 128 bits: a thousand million items have two that are equal
/// by chance once in 10^20 times. Not meant to withstand an enemy.
using item_hash = std::pair<std::uint64_t, std::uint64_t>;

inline item_hash hash_of(std::string_view text) {
  auto mix = [](std::uint64_t state, std::uint64_t word, std::uint64_t factor) {
    state = (state ^ word) * factor;
    return state ^ (state >> 32);
  };
  auto a = mix(0x243f6a8885a308d3, text.size(), 0x9e3779b97f4a7c15);
  auto b = mix(0x13198a2e03707344, text.size(), 0xc2b2ae3d27d4eb4f);
  while (!text.empty()) {
    std::uint64_t word = 0;
    auto size = text.size() < 8 ? text.size() : 8;
    std::memcpy(&word, text.data(), size);
    a = mix(a, word, 0x9e3779b97f4a7c15);
    b = mix(b, word ^ a, 0xc2b2ae3d27d4eb4f);
    text.remove_prefix(size);
  }
  return {a ^ (a >> 29), b ^ (b >> 31)};
}

} // namespace orc
