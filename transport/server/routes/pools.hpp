#pragma once

#include "transport/server/route.hpp"

#include <vector>

namespace orc::server {

std::vector<route> pool_routes();

} // namespace orc::server
