#pragma once

#include <cstddef>
#include <string_view>

namespace orc {

/// Finds where a JSON value ends, piece by piece, without looking at what it
/// says: that is for whoever reads it.
class value_end {
public:
  /// @param text from where the piece before ended.
  /// @returns the first byte that is no more of the value: a comma, a bracket
  ///          or brace that closes what the value is in; or `text.size()`.
  std::size_t find(std::string_view text);

private:
  std::size_t depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
};

} // namespace orc
