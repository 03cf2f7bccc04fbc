#pragma once

#include "messages/base/error.hpp"

#include <caf/expected.hpp>

#include <string>
#include <string_view>

namespace orc {

/// Puts one JSON object under another: the fields of both, those of `over`
/// where a name stands in both. Shallow: the values are not merged. Numbers
/// stay as they are written.
/// @param under an object, or "" for none.
/// @param over an object, or "" for none.
/// @returns the text without insignificant white space, or `ec::bad_json`, or
///          `ec::bad_field` if one of them is no object.
caf::expected<std::string>
merge_objects(std::string_view under, std::string_view over);

} // namespace orc
