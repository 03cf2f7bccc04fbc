#pragma once

#include <string>
#include <string_view>

namespace orc {

/// @returns whether a text is what RFC 3629 calls UTF-8: no overlong forms, no
///          surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text) noexcept;

/// @returns a text of a stranger, such as what a program prints, with U+FFFD in
///          place of what is no UTF-8: JSON takes nothing else.
std::string to_utf8(std::string_view text);

} // namespace orc
