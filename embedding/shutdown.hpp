#pragma once

#include <caf/actor.hpp>

#include <vector>

namespace caf {
class actor_system;
} // namespace caf

namespace orc {

/// Asks actors to exit and waits until they have: those that do not within 5 s
/// are killed. Handles of no actor are left out.
void shut_down(caf::actor_system& system, const std::vector<caf::actor>& xs);

} // namespace orc
