#pragma once

#include <chrono>

namespace orc {

/// Pause before a RUN repeats something that failed.
inline constexpr std::chrono::seconds run_pause{1};

} // namespace orc
