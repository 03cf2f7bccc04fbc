#pragma once

#include "transport/http/websocket_frame.hpp"

#include <string>

namespace orc::http::test {

/// @returns a frame as a client sends it.
inline std::string
masked_frame(opcode type, const std::string& payload, bool final = true) {
  constexpr std::string_view mask = "\x12\x34\x56\x78";
  auto plain = make_frame(type, payload);
  auto head = plain.size() - payload.size();
  auto result = plain.substr(0, head);
  result[0] = static_cast<char>((final ? 0x80 : 0) | static_cast<int>(type));
  result[1] = static_cast<char>(result[1] | 0x80);
  result += mask;
  for (std::size_t i = 0; i < payload.size(); ++i)
    result += static_cast<char>(payload[i] ^ mask[i & 3]);
  return result;
}

} // namespace orc::http::test
