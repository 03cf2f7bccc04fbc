#pragma once

#include "transport/server/route.hpp"

namespace orc::server {

/// Submits the run, or the array of runs, in the body.
void submit(const call_ptr& x);

} // namespace orc::server
