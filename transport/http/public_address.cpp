#include "transport/http/public_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace orc::http {

namespace {

using address_bytes = std::array<std::uint8_t, 16>;

struct block {
  address_bytes prefix;
  unsigned bits;
};

/// IPv4 stands in the IPv6 block `::ffff:0:0/96`.
constexpr block
v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, unsigned bits) {
  return {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, 0}, 96 + bits};
}

/// The special-purpose address registries of IANA.
constexpr std::array not_public{
  v4(0, 0, 0, 8),     v4(10, 0, 0, 8),      v4(100, 64, 0, 10),
  v4(127, 0, 0, 8),   v4(169, 254, 0, 16),  v4(172, 16, 0, 12),
  v4(192, 0, 0, 24),  v4(192, 0, 2, 24),    v4(192, 168, 0, 16),
  v4(198, 18, 0, 15), v4(198, 51, 100, 24), v4(203, 0, 113, 24),
  v4(224, 0, 0, 3),
};

/// Of IPv6 only what is given out to the Internet is public, less what leads
/// into IPv4 (6to4, Teredo) or is for documents.
constexpr block global{{0x20}, 3};
constexpr std::array not_global{
  block{{0x20, 0x01, 0x00, 0x00}, 32},
  block{{0x20, 0x01, 0x0d, 0xb8}, 32},
  block{{0x20, 0x02}, 16},
};

bool contains(const block& x, const address_bytes& address) {
  auto whole = x.bits / 8;
  auto rest = x.bits % 8;
  if (!std::equal(x.prefix.begin(), x.prefix.begin() + whole, address.begin()))
    return false;
  auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
  return rest == 0 || ((x.prefix[whole] ^ address[whole]) & mask) == 0;
}

std::optional<address_bytes> parse(std::string_view text) {
  auto zero_ended = std::string{text};
  address_bytes result{};
  if (inet_pton(AF_INET6, zero_ended.c_str(), result.data()) == 1)
    return result;
  result = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (inet_pton(AF_INET, zero_ended.c_str(), result.data() + 12) == 1)
    return result;
  return std::nullopt;
}

} // namespace

bool is_public_address(std::string_view address) {
  auto x = parse(address);
  if (!x)
    return false;
  auto is_in = [&](const block& y) { return contains(y, *x); };
  if (contains(v4(0, 0, 0, 0), *x))
    return std::none_of(not_public.begin(), not_public.end(), is_in);
  return contains(global, *x)
         && std::none_of(not_global.begin(), not_global.end(), is_in);
}

bool is_address(std::string_view host) {
  return parse(host).has_value();
}

} // namespace orc::http
