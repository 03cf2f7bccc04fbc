#pragma once

#include "emulator/api/json.hpp"

#include <string>

namespace orc::emulator {

/// Fills the defaults of an input schema into an input and checks it: required
/// fields, types, bounds, lengths, enumerations and patterns.
/// @returns what is wrong, as the platform says it, or "".
std::string apply_input_schema(const json_value& schema, json_document& input);

} // namespace orc::emulator
