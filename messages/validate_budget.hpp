#pragma once

#include "messages/base/error.hpp"
#include "messages/budget_settings.hpp"

#include <string>

namespace orc {

/// Checks what the type of a budget cannot say.
/// @param path where the budget stands, such as `budgets[0]`; "" for a lone
///             one.
/// @returns `ec::bad_field`; the message begins with the path of the field.
[[nodiscard]] caf::error
validate(const budget_settings& budget, const std::string& path);

} // namespace orc
