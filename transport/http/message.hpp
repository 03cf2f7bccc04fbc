#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orc::http {

/// The header fields of a message, in order; names compare without case.
class fields {
public:
  using value_type = std::pair<std::string, std::string>;

  fields() = default;

  fields(std::initializer_list<value_type> init) : entries_(init) {
    // nop
  }

  /// @returns the value of the first field called `name`, or "".
  std::string_view get(std::string_view name) const noexcept;

  bool contains(std::string_view name) const noexcept;

  /// Replaces every field called `name`.
  void set(std::string_view name, std::string value);

  /// Appends a field, whether or not there is one called `name`.
  void add(std::string name, std::string value);

  void remove(std::string_view name);

  auto begin() const noexcept {
    return entries_.begin();
  }

  auto end() const noexcept {
    return entries_.end();
  }

private:
  std::vector<value_type> entries_;
};

/// A request as a server received it. The body is decoded: a Content-Encoding
/// of gzip, deflate or br has been undone and removed from the headers.
struct request {
  std::string method;
  /// Path and query as sent, such as `/v2/actors/u~a/runs?memory=256`.
  std::string target;
  fields headers;
  std::string body;
  /// Address of the peer, without its port.
  std::string remote_address;
  /// How many bytes the body had on the wire, before decoding.
  std::uint64_t wire_body_bytes = 0;
};

/// A response with its whole body. `Content-Length`, `Date` and `Connection`
/// are filled in by the server.
struct response {
  int status = 200;
  fields headers;
  std::string body;
};

/// @returns whether two header names or tokens are equal without regard to
/// case.
bool iequals(std::string_view x, std::string_view y) noexcept;

/// @returns the reason phrase of a status code, such as `Not Found`.
std::string_view reason_phrase(int status) noexcept;

} // namespace orc::http
