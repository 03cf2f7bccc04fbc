#pragma once

#include "transport/http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace orc::http {

struct parser_limits {
  std::size_t max_header_bytes = std::size_t{64} << 10;
  std::size_t max_body_bytes = std::size_t{16} << 20;
};

/// What is wrong with a message.
enum class parse_error : std::uint8_t {
  none,
  malformed,
  header_too_large,
  body_too_large,
};

/// A message in the making: what the two parsers have in common. Bodies stay as
/// they were on the wire, apart from the chunks.
struct parsed_message {
  std::string method;
  std::string target;
  int status = 0;
  fields headers;
  std::string body;
  bool header_done = false;
  bool done = false;
  bool keep_alive = false;
  /// Whether the message is of HTTP/1.1, not of 1.0.
  bool http11 = false;
  /// Whether the end of the connection is the end of the body.
  bool until_eof = false;
  parse_error error = parse_error::none;
  /// For people: `bad chunk`.
  std::string error_text;
};

/// Parses one HTTP/1 message after the other from a stream of bytes.
///
///     begin() --> feed() --> ... --> done, or error
class message_parser {
public:
  enum class kind : std::uint8_t { request, response };

  message_parser(kind what, parser_limits limits);
  ~message_parser();

  message_parser(message_parser&&) noexcept;
  message_parser& operator=(message_parser&&) noexcept;

  /// Applies from the next `begin` on.
  void limit(parser_limits limits) noexcept;

  /// Prepares for the next message.
  /// @param skip_body whether a response has none, because it answers HEAD.
  void begin(bool skip_body = false);

  /// Consumes what it can; wants the rest again, with more behind it.
  /// @returns how many bytes are consumed.
  std::size_t feed(std::string_view bytes);

  /// Tells that the stream has ended: completes a message that ends with it.
  void feed_eof();

  parsed_message& message() noexcept;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace orc::http
