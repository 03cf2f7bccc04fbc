#pragma once

#include "messages/base/percent.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orc::http {

/// An absolute http or https URL, or what follows one.
struct url {
  std::string scheme = "http";
  std::string host;
  std::uint16_t port = 80;
  /// Path and query: at least "/".
  std::string target = "/";

  /// @returns `host:port`, the host in brackets if it is an IPv6 address.
  std::string authority() const;
};

/// @returns nothing unless `text` is an absolute http or https URL.
std::optional<url> parse_url(std::string_view text);

using orc::percent_encode;

/// Undoes percent-encoding; `+` means itself. Malformed escapes are kept.
std::string percent_decode(std::string_view text);

/// The query of a request: names and values decoded, `+` means a space.
class query {
public:
  query() = default;

  /// @param text all that follows the `?`.
  explicit query(std::string_view text);

  bool contains(std::string_view name) const noexcept;

  /// @returns the first value of `name`, or nothing.
  std::optional<std::string_view> get(std::string_view name) const noexcept;

  auto begin() const noexcept {
    return entries_.begin();
  }

  auto end() const noexcept {
    return entries_.end();
  }

private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

/// Splits a request target at its `?`.
/// @returns the path as sent, and the query without the `?`.
std::pair<std::string_view, std::string_view>
split_target(std::string_view target);

/// Builds a query: `?a=1&b=x%20y`, or "" when it has no entries.
class query_builder {
public:
  query_builder& add(std::string_view name, std::string_view value);
  query_builder& add(std::string_view name, std::int64_t value);

  const std::string& str() const noexcept {
    return text_;
  }

private:
  std::string text_;
};

} // namespace orc::http
