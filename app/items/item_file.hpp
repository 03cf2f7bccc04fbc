#pragma once

#include "messages/reader.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>

namespace caf {
class actor_system;
} // namespace caf

namespace orc::app {

/// @returns the format called so, else the one that the name of a file asks
///          for, else `ndjson`.
output_format format_of(const std::string& name, const std::string& file);

/// @returns whether `--output` names standard output.
bool is_standard_output(const std::string& path);

/// @param source the file that says what to do, or "": items are not written
///               over it.
/// @returns an error if `write_items` could not write to that path: better
///          before runs are paid for than after.
[[nodiscard]] caf::error
check_output(const std::string& path, const std::string& source = {});

/// Writes what a READER hands out into a file, which appears when it is
/// complete. What is there and is no file, a pipe or a device, gets the items
/// as they come, and a link goes on leading to where it leads.
/// @returns how many items it has.
[[nodiscard]] caf::expected<std::uint64_t>
write_items(caf::actor_system& system, const reader_actor& from,
            const std::string& path);

/// Keeps standard output for items: what else is printed there goes to standard
/// error from now on.
/// @returns where the items go; nobody if that cannot be had.
std::shared_ptr<std::FILE> take_standard_output();

/// Writes what a READER hands out where `take_standard_output` says.
[[nodiscard]] caf::expected<std::uint64_t>
write_items(caf::actor_system& system, const reader_actor& from, std::FILE* to);

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
