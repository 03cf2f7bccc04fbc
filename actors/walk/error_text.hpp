#pragma once

#include <cstddef>
#include <string>

namespace orc {

/// @returns what a stranger says is wrong, as it can be stored and told: its
///          first part, for it may be pages long, and in UTF-8.
std::string error_text(const std::string& x, std::size_t longest = 2'000);

} // namespace orc
