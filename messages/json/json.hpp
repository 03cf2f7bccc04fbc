#pragma once

#include "messages/base/error.hpp"
#include "messages/base/fields.hpp"

#include <caf/expected.hpp>

#include <string>
#include <string_view>

namespace orc {

/// @returns `x` as JSON on one line. Instantiated for the values that cross the
/// border of the process, in run_json.cpp.
template <class T>
std::string to_json(const T& x);

/// Reads a value of JSON text. Unknown fields are errors, so that a slip of the
/// pen never goes unnoticed.
/// @returns the value, `ec::bad_json` with line and column, or `ec::bad_field`
///          with the path of the field: `runs[3].options.memoryMbytes: …`.
template <class T>
caf::expected<T> from_json(std::string_view text);

/// @returns `text` with its insignificant white space removed, numbers and
///          order of fields kept; or `ec::bad_json`.
caf::expected<std::string> minify_json(std::string_view text);

/// @returns whether every field of the object `part` stands in the object
///          `whole` with the same value; what is no object must be the same.
///          A document contains itself, even if a name stands in it twice.
bool json_contains(std::string_view whole, std::string_view part);

/// @returns `text` quoted and escaped as a JSON string.
std::string json_quote(std::string_view text);

} // namespace orc
