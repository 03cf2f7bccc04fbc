#pragma once

#include <chrono>

namespace orc {

/// How long an answer of the APIFY API is waited for. It answers in time by
/// itself, at the latest after nine attempts of two minutes each (pages of
/// items) and three minutes of pauses between them; this only catches its
/// death. Who waited for less would ask again while it still repeats.
inline constexpr std::chrono::minutes apify_api_patience{25};

} // namespace orc
