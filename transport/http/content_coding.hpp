#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace orc::http {

/// How the decoding of a body went.
enum class decode_status : std::uint8_t {
  ok,
  /// There is an encoding that we do not know.
  unsupported,
  /// The body is not what its encoding says, or not all of it.
  malformed,
  /// The decoded body would exceed the limit.
  too_large,
};

/// Undoes the encodings of a body in place.
/// @param codings the value of a `Content-Encoding` field; `identity` and ""
///                leave the body alone.
/// @param limit how many bytes the body may have in the end and in between:
///              what keeps a zip bomb from filling the memory.
decode_status
decode_body(std::string_view codings, std::string& body, std::size_t limit);

/// Compresses `body` with gzip, at a level that suits bodies on the wire.
std::string encode_gzip(std::string_view body);

} // namespace orc::http
