#pragma once

#include <string>
#include <string_view>

namespace orc::emulator {

/// @returns a new id as the platform makes them: 17 letters and digits that
/// nobody guesses.
std::string new_id();

/// @returns the same id for the same text, always: for what configuration
/// names, so that its id survives a restart.
std::string stable_id(std::string_view text);

} // namespace orc::emulator
