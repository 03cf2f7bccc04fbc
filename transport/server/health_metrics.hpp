#pragma once

#include "messages/bus/status.hpp"
#include "messages/health.hpp"

#include <string>

namespace orc::server {

/// Appends what a round trip found, in the text format of Prometheus.
void render_health(std::string& out, const health& x);

/// Appends how the bridge to the bus stands.
void render_bus(std::string& out, const bus_status& x);

} // namespace orc::server
