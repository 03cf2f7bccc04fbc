#include "transport/http/websocket_frame.hpp"

#include "messages/base/utf8.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace orc::http {

namespace {

/// The status codes of RFC 6455, section 7.4, that a frame may carry.
bool is_close_code(std::uint16_t code) noexcept {
  return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005
          && code != 1006)
         || (code >= 3000 && code <= 4999);
}

std::uint64_t big_endian(std::string_view bytes) noexcept {
  std::uint64_t result = 0;
  for (char c : bytes)
    result = result << 8 | static_cast<unsigned char>(c);
  return result;
}

void append_big_endian(std::string& to, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
    to += static_cast<char>(value >> shift & 0xFF);
}

} // namespace

/// The first bytes of a frame.
struct websocket_decoder::frame_head {
  bool final = false;
  bool reserved = false;
  bool masked = false;
  opcode type = opcode::continuation;
  std::uint64_t length = 0;
  std::array<char, 4> mask{};
  std::size_t size = 0;

  bool is_control() const noexcept {
    return static_cast<int>(type) >= 8;
  }

  /// @returns whether all of the head is there.
  bool parse(std::string_view bytes) {
    if (bytes.size() < 2)
      return false;
    auto first = static_cast<unsigned char>(bytes[0]);
    auto second = static_cast<unsigned char>(bytes[1]);
    final = (first & 0x80) != 0;
    reserved = (first & 0x70) != 0;
    type = static_cast<opcode>(first & 0x0F);
    masked = (second & 0x80) != 0;
    length = second & 0x7F;
    std::size_t extra = length == 127 ? 8 : length == 126 ? 2 : 0;
    size = 2 + extra + (masked ? 4 : 0);
    if (bytes.size() < size)
      return false;
    if (extra > 0)
      length = big_endian(bytes.substr(2, extra));
    if (masked)
      std::copy_n(bytes.begin() + 2 + static_cast<std::ptrdiff_t>(extra), 4,
                  mask.begin());
    return true;
  }
};

std::string make_frame(opcode type, std::string_view payload) {
  std::string result;
  result.reserve(payload.size() + 10);
  result += static_cast<char>(0x80 | static_cast<int>(type));
  if (payload.size() < 126) {
    result += static_cast<char>(payload.size());
  } else if (payload.size() <= 0xFFFF) {
    result += static_cast<char>(126);
    append_big_endian(result, payload.size(), 2);
  } else {
    result += static_cast<char>(127);
    append_big_endian(result, payload.size(), 8);
  }
  result += payload;
  return result;
}

std::string make_masked_frame(opcode type, std::string_view payload,
                              std::string_view mask) {
  auto plain = make_frame(type, payload);
  auto result = plain.substr(0, plain.size() - payload.size());
  result[1] = static_cast<char>(result[1] | 0x80);
  result += mask;
  for (std::size_t i = 0; i < payload.size(); ++i)
    result += static_cast<char>(payload[i] ^ mask[i & 3]);
  return result;
}

std::string make_close_payload(std::uint16_t code, std::string_view reason) {
  // A control frame holds 125 bytes.
  constexpr std::size_t max_reason = 123;
  std::string result;
  append_big_endian(result, code, 2);
  auto size = std::min(reason.size(), max_reason);
  while (!is_utf8(reason.substr(0, size)))
    --size;
  result += reason.substr(0, size);
  return result;
}

std::uint16_t parse_close_payload(std::string_view payload) {
  if (payload.empty())
    return 1005;
  if (payload.size() == 1)
    return 1002;
  auto code = static_cast<std::uint16_t>(big_endian(payload.substr(0, 2)));
  if (!is_close_code(code))
    return 1002;
  return is_utf8(payload.substr(2)) ? code : std::uint16_t{1007};
}

std::string websocket_accept(std::string_view key) {
  auto text = std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       digest.data());
  std::array<unsigned char, 32> encoded{};
  auto size = EVP_EncodeBlock(encoded.data(), digest.data(),
                              static_cast<int>(digest.size()));
  return {reinterpret_cast<const char*>(encoded.data()),
          static_cast<std::size_t>(size)};
}

bool is_websocket_key(std::string_view key) noexcept {
  return key.size() == 24 && key.ends_with("==")
         && std::ranges::all_of(key.substr(0, 22), [](char c) {
              return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
                     || (c >= 'A' && c <= 'Z') || c == '+' || c == '/';
            });
}

websocket_decoder::status websocket_decoder::fail(std::uint16_t code) {
  error_ = code;
  return status::failed;
}

bool websocket_decoder::check(const frame_head& head) {
  auto in_fragments = fragments_type_ != opcode::continuation;
  switch (head.type) {
    case opcode::continuation:
      if (!in_fragments)
        return false;
      break;
    case opcode::text:
    case opcode::binary:
      if (in_fragments)
        return false;
      break;
    case opcode::close:
    case opcode::ping:
    case opcode::pong:
      if (!head.final || head.length > 125)
        return false;
      break;
    default:
      return false;
  }
  return head.masked == masked_ && !head.reserved;
}

websocket_decoder::status
websocket_decoder::take(const frame_head& head, std::string_view body) {
  auto& target = head.is_control() ? payload_ : fragments_;
  if (head.is_control())
    payload_.clear();
  auto begin = target.size();
  target += body;
  for (std::size_t i = 0; i < body.size(); ++i)
    target[begin + i] = static_cast<char>(target[begin + i] ^ head.mask[i & 3]);
  if (head.is_control()) {
    type_ = head.type;
    return status::message;
  }
  if (head.type != opcode::continuation)
    fragments_type_ = head.type;
  if (!head.final)
    return status::need_more;
  type_ = fragments_type_;
  fragments_type_ = opcode::continuation;
  payload_ = std::move(fragments_);
  fragments_.clear();
  if (type_ == opcode::text && !is_utf8(payload_))
    return fail(1007);
  return status::message;
}

websocket_decoder::status websocket_decoder::next(std::string_view& bytes) {
  for (;;) {
    frame_head head;
    if (!head.parse(bytes))
      return status::need_more;
    if (!check(head))
      return fail(1002);
    if (!head.is_control() && head.length > limit_ - fragments_.size())
      return fail(1009);
    if (bytes.size() - head.size < head.length)
      return status::need_more;
    auto result = take(head, bytes.substr(head.size, head.length));
    bytes.remove_prefix(head.size + head.length);
    if (result != status::need_more)
      return result;
  }
}

} // namespace orc::http
