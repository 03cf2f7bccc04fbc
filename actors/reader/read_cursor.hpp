#pragma once

#include "messages/reader.hpp"

#include <caf/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace orc {

/// How far a reading has come in one origin.
struct read_position {
  /// `mark_of` the dataset that the offset is of; empty if none was seen.
  std::string mark;
  /// Raw items behind which to go on.
  std::uint64_t offset = 0;
  /// All that there will be was handed out.
  bool done = false;

  friend bool operator==(const read_position&, const read_position&) = default;
};

/// @returns what tells datasets apart: a run that is started again has another.
std::string mark_of(std::string_view dataset_id);

/// How far a reading has come: all that is needed to go on behind a piece,
/// whatever was restarted in between. As text it is opaque to users, and safe
/// in a URL.
struct read_cursor {
  /// As many as there are origins.
  std::vector<read_position> at;
  /// Raw items that are still to be skipped.
  std::uint64_t skip = 0;

  /// @param from the origins, which the text remembers by a fingerprint.
  std::string print(const std::vector<item_origin>& from) const;

  /// @returns the cursor, or `ec::bad_field` if it is none or one of other
  ///          origins.
  static caf::expected<read_cursor>
  parse(std::string_view text, const std::vector<item_origin>& from);

  friend bool operator==(const read_cursor&, const read_cursor&) = default;
};

} // namespace orc
