#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace orc {

/// Where a page of ours begins in something that has pages of its own: `abc` is
/// a cursor of that; `+3:abc` is three items further.
struct page_place {
  /// "" is the beginning.
  std::string at;
  std::uint64_t skip = 0;

  static page_place parse(std::string_view cursor);

  /// @pre not the very beginning, whose cursor is ""
  std::string cursor() const;

  friend bool operator==(const page_place&, const page_place&) = default;
};

} // namespace orc
