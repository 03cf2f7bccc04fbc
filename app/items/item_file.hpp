#pragma once

#include "messages/reader.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace caf {
class actor_system;
} // namespace caf

namespace orc::app {

/// @returns the format called so, else the one that the name of a file asks
///          for, else `ndjson`.
output_format format_of(const std::string& name, const std::string& file);

/// @returns an error if `write_items` could not write to that path: better
///          before runs are paid for than after.
[[nodiscard]] caf::error check_output(const std::string& path);

/// Writes what a READER hands out into a file, which appears when it is
/// complete.
/// @returns how many items it has.
[[nodiscard]] caf::expected<std::uint64_t>
write_items(caf::actor_system& system, const reader_actor& from,
            const std::string& path);

/// Called behind each piece that was printed, flushed to where it goes.
using printed_piece = std::function<caf::error(const item_piece&)>;

/// Prints what a READER hands out to standard output, piece by piece.
/// @returns how many items that were, also if whoever reads them has left.
[[nodiscard]] caf::expected<std::uint64_t>
print_items(caf::actor_system& system, const reader_actor& from,
            const printed_piece& printed = {});

/// Appends what a READER hands out to a file, from `position` on; what stands
/// behind it is cut off.
[[nodiscard]] caf::expected<std::uint64_t>
append_items(caf::actor_system& system, const reader_actor& from,
             const std::string& path, std::uint64_t position,
             const printed_piece& printed);

} // namespace orc::app
