#pragma once

#include <string>
#include <string_view>

namespace orc::http {

/// Whether an address is one of the public Internet: not of this machine, a
/// private or shared network, a link, a group, or reserved for such use. A
/// receiver whose name leads elsewhere could reach what only this machine can.
/// @param address IPv4 or IPv6, without brackets; anything else is not public.
bool is_public_address(std::string_view address);

/// @returns whether `host` is an address at all, public or not.
bool is_address(std::string_view host);

} // namespace orc::http
