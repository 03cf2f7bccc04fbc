#pragma once

#include "messages/reader.hpp"

#include <caf/error.hpp>

#include <string>
#include <string_view>

namespace orc {

/// @returns whether a query has options that leave items out, or make other
///          items of them. `fields` and the like only make items smaller.
bool thins_out(std::string_view query);

/// @returns the query without those options.
std::string unthinned(const std::string& query);

/// @returns `ec::bad_field` if a request makes no sense.
caf::error check(const read_request& x);

} // namespace orc
