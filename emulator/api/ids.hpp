#pragma once

#include <string>

namespace orc::emulator {

/// @returns a new id as the platform makes them: 17 letters and digits that
/// nobody guesses.
std::string new_id();

} // namespace orc::emulator
