#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace orc {

/// A fingerprint of the items of a part, to notice that a list has changed.
/// The same on all machines with the same byte order; 64 bits, eight bytes a
/// step, and not meant to withstand an enemy.
class digest {
public:
  void add(std::string_view text) {
    mix(text.size());
    for (; text.size() >= 8; text.remove_prefix(8)) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data(), sizeof(word));
      mix(word);
    }
    std::uint64_t rest = 0;
    std::memcpy(&rest, text.data(), text.size());
    mix(rest);
  }

  std::uint64_t value() const noexcept {
    return state_ ^ (state_ >> 29);
  }

private:
  void mix(std::uint64_t word) {
    state_ = (state_ ^ word) * 0x9e3779b97f4a7c15;
    state_ ^= state_ >> 32;
  }

  std::uint64_t state_ = 0x243f6a8885a308d3;
};

} // namespace orc
