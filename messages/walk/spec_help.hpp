#pragma once

#include <caf/error.hpp>

#include <string_view>

namespace orc {

/// Looks for what each specification of a batch must have: name, source and
/// processor, and their kinds.
/// @returns `ec::bad_field` that says what to write where it is missing, with
///          all kinds and what each needs; no error where the text is no
///          object.
[[nodiscard]] caf::error check_outline(std::string_view spec);

} // namespace orc
