#pragma once

#include "messages/hook_store.hpp"

#include <caf/actor_system.hpp>

#include <functional>

namespace orc::test {

/// Judges what a PERSISTENCE does for webhooks.
/// @param make_store starts it, empty; called once a section.
void check_hook_store(caf::actor_system& system,
                      const std::function<run_store_actor()>& make_store);

} // namespace orc::test
