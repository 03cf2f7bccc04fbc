#pragma once

#include "messages/base/error.hpp"
#include "messages/run.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace orc {

/// The platform takes no larger input.
inline constexpr std::size_t max_input_bytes = 9'437'184;

/// The longest name of a run or namespace.
inline constexpr std::size_t max_name_length = 200;

/// Checks what the type of a request cannot say: ranges, lengths, characters,
/// and which fields go together. Everything that takes requests calls this, so
/// that a request that one surface refuses is refused by all.
/// @param path where the request stands, such as `runs[3]`; "" for a lone one.
/// @returns `ec::bad_field` or `ec::input_too_large`; the message begins with
///          the path of the field: `runs[3].options.memoryMbytes: …`.
[[nodiscard]] caf::error
validate(const run_request& request, const std::string& path);

/// @returns what is wrong with the name of a run, or "".
std::string name_problem(std::string_view name);

} // namespace orc
