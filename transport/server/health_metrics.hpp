#pragma once

#include "messages/health.hpp"

#include <string>

namespace orc::server {

/// Appends what a round trip found, in the text format of Prometheus.
void render_health(std::string& out, const health& x);

} // namespace orc::server
