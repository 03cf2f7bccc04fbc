#pragma once

#include "messages/walk/source.hpp"

#include <caf/expected.hpp>

#include <string>

namespace orc {

/// @returns what a source of kind `dataset` asks of the platform besides items,
///          escaped: `clean=1&fields=a%2Cb`; `ec::bad_field` that names the
///          member if it is neither an array of names nor a string.
caf::expected<std::string> dataset_query(const walk_source& x);

} // namespace orc
