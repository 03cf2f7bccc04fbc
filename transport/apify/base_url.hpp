#pragma once

#include <caf/error.hpp>

#include <string_view>

namespace orc {

/// Checks where the platform's API is said to be, before anything is sent.
/// @param allow_plain whether `http` to other machines is fine, as it is inside
///                    a platform's own network. Else a token would travel in
///                    the clear.
/// @returns `ec::bad_config` with a sentence that tells what to do.
[[nodiscard]] caf::error
check_base_url(std::string_view text, bool allow_plain = false);

} // namespace orc
