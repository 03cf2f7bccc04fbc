#pragma once

#include <string>
#include <string_view>

namespace orc {

/// @returns whether a URL may have a character anywhere as it is: a letter, a
///          digit or one of `-._~` (RFC 3986, section 2.3).
bool is_unreserved(char c) noexcept;

/// @returns a text as a part of a URL, with `%2F` and the like for all that is
///          not unreserved.
/// @param stays characters that are left as they are besides.
std::string percent_encode(std::string_view text, std::string_view stays = {});

} // namespace orc
