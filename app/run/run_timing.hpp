#pragma once

#include <chrono>

namespace orc::app {

/// Between two looks at what has happened.
inline constexpr std::chrono::milliseconds refresh_interval{200};

/// How long a run that has ended is held back until its items are counted.
inline constexpr std::chrono::seconds count_patience{5};

} // namespace orc::app
