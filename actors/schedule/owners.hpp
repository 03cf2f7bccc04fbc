#pragma once

#include <string_view>

namespace orc {

// Owners of schedules, see `keep_schedules`. Those of a configuration file are
// in nobody's way when they move from one of its tables to the other.

/// Those in `[[schedules]]`.
inline constexpr std::string_view file_owner = "configuration";

/// Those in `[[pool.schedules]]`.
inline constexpr std::string_view pools_owner = "pools";

} // namespace orc
