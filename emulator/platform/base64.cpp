#include "emulator/platform/base64.hpp"

#include <cstdint>

namespace orc::emulator {

namespace {

/// @returns the six bits that a character stands for, or -1.
int bits_of(char c) {
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  if (c == '+' || c == '-')
    return 62;
  return c == '/' || c == '_' ? 63 : -1;
}

} // namespace

std::string decode_base64(std::string_view text) {
  auto result = std::string{};
  auto buffer = std::uint32_t{0};
  auto count = 0;
  for (const auto c : text) {
    const auto bits = bits_of(c);
    if (bits < 0)
      continue;
    buffer = (buffer << 6) | static_cast<std::uint32_t>(bits);
    count += 6;
    if (count >= 8) {
      count -= 8;
      result.push_back(static_cast<char>((buffer >> count) & 0xFF));
    }
  }
  return result;
}

} // namespace orc::emulator
