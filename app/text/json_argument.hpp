#pragma once

#include "messages/base/error.hpp"

#include <caf/expected.hpp>

#include <string>

namespace orc::app {

/// Reads a JSON document that is given on the command line.
/// @param option names it in errors: `--input`.
/// @param text the document, or `@FILE`.
/// @returns it without white space; `ec::bad_config` or `ec::bad_json` that
///          tells line and column.
[[nodiscard]] caf::expected<std::string>
read_json_argument(const std::string& option, const std::string& text);

} // namespace orc::app
