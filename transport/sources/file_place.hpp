#pragma once

#include "messages/base/error.hpp"

#include <caf/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace orc {

/// Where a page of a file begins: `345`, or `345:12`, so that errors can tell
/// the line.
struct file_place {
  std::uint64_t offset = 0;
  /// Line, from 1, or 0 where nobody knows; or element, from 0.
  std::uint64_t number = 0;

  /// Reads a cursor.
  /// @param first the number of what the file begins with.
  static caf::expected<file_place>
  parse(std::string_view cursor, std::uint64_t first);

  std::string cursor() const;
};

/// An item that is longer is taken for a mistake, for it is held in memory.
inline constexpr std::size_t max_item_bytes = std::size_t{64} << 20;

/// @returns `ec::bad_json`: `rows.ndjson, line 12, byte 345: …`, the byte being
///          the one at which the line begins.
caf::error bad_line(const std::string& name, const file_place& line,
                    std::string_view what);

/// A cursor leads to where nothing begins.
caf::error is_other_file(const std::string& name, std::uint64_t offset);

/// @returns whether `text` is UTF-8; fast where it is ASCII.
bool is_unicode(std::string_view text);

} // namespace orc
