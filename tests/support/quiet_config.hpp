#pragma once

#include <caf/actor_system_config.hpp>

namespace orc::test {

/// Of an actor system of a test: two threads, and it says nothing.
struct quiet_config : caf::actor_system_config {
  quiet_config() {
    set("scheduler.max-threads", 2);
    set("logger.verbosity", caf::atom("quiet"));
  }
};

} // namespace orc::test
