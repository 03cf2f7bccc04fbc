#pragma once

#include "app/config/config.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace orc::app {

/// Looks up an environment variable; tests bring their own.
using environment
  = std::function<std::optional<std::string>(const std::string&)>;

/// @returns the environment of this process; empty variables count as not set.
environment process_environment();

/// @returns the variable that sets an option of the top level, or "".
std::string_view variable_of(std::string_view option);

/// Sets what environment variables name.
[[nodiscard]] caf::error read_environment(const environment& env, config& x);

} // namespace orc::app
