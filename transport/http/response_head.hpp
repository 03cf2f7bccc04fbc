#pragma once

#include "transport/http/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orc::http {

/// How the end of a body shows.
enum class framing : std::uint8_t {
  /// `Content-Length: N`.
  length,
  chunked,
  /// The connection closes: for clients of HTTP/1.0.
  until_close,
  /// There is no body and no field about one: 1xx, 204, 304, or the handler's
  /// own `Content-Length` in an answer to HEAD.
  none,
};

/// What the server adds to the header fields of a response.
struct head_options {
  framing body = framing::length;
  std::uint64_t length = 0;
  bool keep_alive = true;
  bool http11 = true;
};

/// @returns the status line and the header fields, up to the empty line. Fields
///          that the server fills in replace those of the handler; line breaks
///          in names and values become spaces, so that nobody can smuggle in
///          fields of their own.
std::string render_head(const response& from, const head_options& options);

/// @returns the header fields of `from` in wire format, except for those that
///          `omit` names.
void append_fields(std::string& to, const fields& from,
                   bool (*omit)(std::string_view name));

/// @returns the current time as in `Date: Sun, 06 Nov 1994 08:49:37 GMT`.
std::string_view http_date();

} // namespace orc::http
