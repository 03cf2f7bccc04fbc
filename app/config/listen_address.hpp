#pragma once

#include <caf/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace orc::app {

/// Where a server listens.
struct listen_address {
  /// An IPv4 or IPv6 address.
  std::string host;
  std::uint16_t port = 0;

  /// @returns `http://127.0.0.1:8484`, an IPv6 address in brackets.
  std::string url() const;
};

/// Reads `127.0.0.1:8484`, `[::1]:0`, `localhost:8484` or `:8484`, which means
/// all addresses.
[[nodiscard]] caf::expected<listen_address>
parse_listen_address(const std::string& text);

/// @returns whether a host is this machine, as far as its name shows.
bool is_loopback(std::string_view host);

/// @returns whether only this machine reaches what listens there.
bool listens_on_loopback(const std::string& text);

} // namespace orc::app
