#pragma once

#include "transport/server/route.hpp"

#include <string>
#include <vector>

namespace orc::server {

/// @returns an OpenAPI 3.1 document, made from the routes and from the `fields`
///          lists of what they take and give.
std::string render_openapi(const std::vector<route>& routes);

} // namespace orc::server
