#pragma once

#include "emulator/process/process.hpp"

namespace orc::emulator {

/// @returns the resident memory of a process and all its descendants, and the
/// processor time they took, as far as /proc still knows them.
process_usage tree_usage(int pid);

} // namespace orc::emulator
