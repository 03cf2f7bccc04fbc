#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace orc::http {

/// What a frame or a message of RFC 6455 is.
enum class opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10,
};

/// @returns a frame as a server sends it: final and unmasked.
std::string make_frame(opcode type, std::string_view payload);

/// @returns a frame as a client sends it: final and masked.
/// @param mask 4 bytes that nobody can foresee.
std::string
make_masked_frame(opcode type, std::string_view payload, std::string_view mask);

/// @returns the payload of a close frame.
std::string make_close_payload(std::uint16_t code, std::string_view reason);

/// @returns the status code of a close frame's payload: 1005 if it has none,
///          1002 or 1007 if it breaks the rules.
std::uint16_t parse_close_payload(std::string_view payload);

/// @returns what `Sec-WebSocket-Accept` answers to `Sec-WebSocket-Key`.
std::string websocket_accept(std::string_view key);

/// @returns whether `key` is the base64 text of 16 bytes.
bool is_websocket_key(std::string_view key) noexcept;

/// Reads the frames of the other side and puts fragmented messages together.
class websocket_decoder {
public:
  enum class status : std::uint8_t { need_more, message, failed };

  /// Clients have to mask their frames, servers must not.
  enum class sender : std::uint8_t { client, server };

  explicit websocket_decoder(std::size_t max_message_bytes, sender from
                                                            = sender::client)
    : limit_{max_message_bytes}, masked_{from == sender::client} {
    // nop
  }

  /// Reads at most one whole message or control frame.
  /// @param bytes loses what was consumed.
  status next(std::string_view& bytes);

  /// @returns the type of the last message.
  opcode type() const noexcept {
    return type_;
  }

  /// @returns the payload of the last message; the caller may move it away.
  std::string& payload() noexcept {
    return payload_;
  }

  /// @returns the status code to close with after `failed`.
  std::uint16_t error() const noexcept {
    return error_;
  }

private:
  struct frame_head;

  status fail(std::uint16_t code);
  bool check(const frame_head& head);
  status take(const frame_head& head, std::string_view body);

  std::size_t limit_;
  bool masked_;
  std::string fragments_;
  opcode fragments_type_ = opcode::continuation;
  opcode type_ = opcode::text;
  std::string payload_;
  std::uint16_t error_ = 0;
};

} // namespace orc::http
