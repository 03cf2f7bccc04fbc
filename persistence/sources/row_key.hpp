#pragma once

#include <caf/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace orc {

/// The value of a key column. A cursor of rows is the key of the row before it,
/// as JSON, so that a number stays a number and a text a text.
using row_key = std::variant<std::int64_t, double, std::string>;

/// @param cursor a JSON number or string.
/// @returns `ec::bad_field` if it is neither.
caf::expected<row_key> read_key(std::string_view cursor);

/// @returns the cursor behind the row of a key.
std::string cursor_of(const row_key& x);

/// @returns `ec::bad_config`: several rows have the key, so that what lies
///          between pages would be lost.
caf::error key_is_not_unique(std::string_view column, std::string_view key);

/// @returns `ec::bad_config`: a row has no key.
caf::error key_is_null(std::string_view column);

/// @returns `ec::bad_config`: the rows do not begin behind the cursor.
caf::error key_does_not_grow(std::string_view column, std::string_view key);

} // namespace orc
