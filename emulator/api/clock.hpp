#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace orc::emulator {

/// A moment, in milliseconds, as the platform keeps time.
using moment = std::chrono::time_point<std::chrono::system_clock,
                                       std::chrono::milliseconds>;

moment now() noexcept;

/// @returns such as `2026-11-22T17:45:02.123Z`.
std::string to_iso(moment when);

/// Reads ISO 8601 with or without fraction, in UTC or with an offset; a date
/// alone is its midnight.
std::optional<moment> parse_iso(std::string_view text);

} // namespace orc::emulator
