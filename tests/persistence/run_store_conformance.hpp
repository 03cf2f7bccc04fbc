#pragma once

#include "tests/persistence/store_client.hpp"

#include <functional>

namespace orc::test {

/// What every PERSISTENCE promises, whatever it stores runs in. Call it in a
/// TEST_CASE; each promise is a SECTION with an empty store of its own.
void check_run_store(caf::actor_system& system,
                     const std::function<run_store_actor()>& make_store);

} // namespace orc::test
