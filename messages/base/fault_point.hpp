#pragma once

#include <string_view>

namespace orc {

/// Marks an instant at which the process may die, for the crash matrix. When
/// the environment says `ORCHESTRATOR_FAULT_POINT=NAME:N`, the process kills
/// itself with SIGKILL the N-th time that it passes the point NAME.
///
/// Points, in the order of a run's life: `submitted`, `intent-saved`,
/// `start-answered`, `started-saved`, `end-seen`, `end-saved`; and, apart from
/// it, `hook-answered`.
void fault_point(std::string_view name);

} // namespace orc
