#pragma once

#include "messages/task/task.hpp"

namespace orc {

/// @returns the same task for another place: without parents, and with all its
///          attempts.
task_definition copy_of(const task& x);

} // namespace orc
