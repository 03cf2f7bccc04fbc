#pragma once

#include "emulator/platform/platform.hpp"

namespace orc::emulator {

/// Brings back what the journal of a platform holds: actors, tasks, webhooks,
/// runs. Runs that were not finished go on as after a migration.
void restore(platform& p);

} // namespace orc::emulator
