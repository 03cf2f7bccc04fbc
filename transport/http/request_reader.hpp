#pragma once

#include "transport/http/message_parser.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace orc::http {

/// Turns the bytes of a connection into requests, one at a time, and finds what
/// a server must refuse. Knows no sockets.
class request_reader {
public:
  enum class status : std::uint8_t {
    /// Not a byte of a next request is there.
    idle,
    partial,
    complete,
    /// The bytes that follow cannot be understood: answer and close.
    refused,
  };

  explicit request_reader(parser_limits limits);

  void append(std::string_view bytes);

  /// Reads on; after `complete`, only once `take` was called.
  status read();

  /// Takes the request out, and prepares for the next.
  request take();

  /// @returns whether the client waits for `100 Continue`. Says so once.
  bool wants_continue();

  /// What there is to know about the request of the last `read`.
  bool keep_alive() const noexcept {
    return keep_alive_;
  }

  bool http11() const noexcept {
    return http11_;
  }

  bool is_head() const noexcept {
    return is_head_;
  }

  /// After `refused`: the status to answer and one sentence.
  int refusal() const noexcept {
    return refusal_;
  }

  const std::string& reason() const noexcept {
    return reason_;
  }

  /// The bytes that are not read yet.
  std::string_view rest() const noexcept {
    return std::string_view{input_}.substr(offset_);
  }

  /// Removes the first `n` bytes of the rest.
  void consume(std::size_t n);

private:
  status refuse(int code, std::string reason);
  status refuse_broken();
  status check();
  void skip_empty_lines();

  parser_limits limits_;
  message_parser parser_;
  std::string input_;
  std::size_t offset_ = 0;
  std::uint64_t wire_body_bytes_ = 0;
  std::string reason_;
  int refusal_ = 0;
  bool started_ = false;
  bool continued_ = false;
  bool keep_alive_ = false;
  bool http11_ = true;
  bool is_head_ = false;
};

} // namespace orc::http
