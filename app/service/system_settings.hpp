#pragma once

#include <caf/actor_system_config.hpp>

namespace orc::app {

/// How our actor systems run.
struct system_settings : caf::actor_system_config {
  system_settings() {
    // No idle CPU and the better tail, see docs/adr on the two runtimes. What
    // takes long waits for the platform or the disk, not for these threads.
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 2);
    set("logger.verbosity", caf::atom("quiet"));
  }
};

} // namespace orc::app
