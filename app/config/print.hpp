#pragma once

#include "app/config/config.hpp"

#include <string>

namespace orc::app {

/// @returns a commented configuration file that lists every option with its
///          default; those that hold nothing by default are commented out.
std::string config_example();

/// @returns `x` as a configuration file, secrets as `***`.
std::string print_config(const config& x);

/// @returns the sentence that describes an option such as `data` or
/// `log.level`.
std::string option_doc(std::string_view name);

} // namespace orc::app
