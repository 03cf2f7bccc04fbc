#pragma once

#include "messages/walk/page_source.hpp"

#include <caf/expected.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace orc {

/// Reads pages where that may block: of a file, or a database. Knows no actors;
/// one thread at a time.
class page_reader {
public:
  virtual ~page_reader() = default;

  /// See `walk_source_actor`. May be tried again after any error.
  /// @pre `page.size > 0`
  virtual caf::expected<walk_page> read(const read_walk_page& page) = 0;
};

/// Puts a page together.
class page_builder {
public:
  /// @param item one JSON document without line ends.
  /// @returns `ec::bad_field` if the page becomes too large to hold.
  [[nodiscard]] caf::error add(std::string_view item);

  std::uint64_t count() const noexcept {
    return count_;
  }

  walk_page finish(std::optional<std::string> next);

private:
  std::string items_;
  std::uint64_t count_ = 0;
};

} // namespace orc
