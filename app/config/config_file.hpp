#pragma once

#include "app/config/config.hpp"

#include <string>
#include <string_view>

namespace orc::app {

/// Reads a configuration file in TOML into `x`; what it does not name stays.
/// @returns `ec::bad_config`: `orc.toml:12: log.level: must be one of …`.
[[nodiscard]] caf::error read_config_file(const std::string& path, config& x);

/// Same, from memory.
/// @param path names the text in errors.
[[nodiscard]] caf::error
read_config_text(std::string_view text, const std::string& path, config& x);

/// Sets one option, such as `data` or `log.level`, from the text of an
/// environment variable or a command line option.
/// @param source what to call the text in errors, such as `--max-memory`.
[[nodiscard]] caf::error
set_option(config& x, std::string_view name, const std::string& text,
           const std::string& source);

} // namespace orc::app
