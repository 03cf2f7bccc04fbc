#pragma once

#include "transport/server/route.hpp"

#include <vector>

namespace orc::server {

/// Batches that walk data sets: `/api/v1/batches`.
std::vector<route> walk_routes();

} // namespace orc::server
