#pragma once

#include <chrono>

namespace orc {

/// The APIFY API answers in time by itself; this only catches its death.
inline constexpr std::chrono::minutes run_api_timeout{5};

/// Pause before a RUN repeats something that failed.
inline constexpr std::chrono::seconds run_pause{1};

} // namespace orc
