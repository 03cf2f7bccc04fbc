#pragma once

#include "messages/json/value_checker.hpp"
#include "messages/walk/page_reader.hpp"
#include "transport/sources/file_place.hpp"
#include "transport/sources/text_window.hpp"

#include <memory>
#include <string>

namespace orc {

/// Pages of one JSON array in a file. A cursor is the byte behind the comma
/// before an element.
class array_pages : public page_reader {
public:
  /// @param pointer to the array, see `walk_source::pointer`.
  array_pages(std::string name, std::unique_ptr<byte_source> bytes,
              std::string pointer);

  caf::expected<walk_page> read(const read_walk_page& page) override;

private:
  caf::error begin(const file_place& at);
  /// Looks whether the array that was just entered has elements.
  caf::expected<bool> find_first();
  /// Takes the element at the window's position and what ends it.
  /// @returns whether another one follows.
  caf::expected<bool> take_element(page_builder& page);
  caf::expected<std::size_t> find_end();
  /// Nothing may follow an array that is the document.
  caf::error check_rest();
  caf::error wrong(std::string_view what) const;

  std::string name_;
  std::unique_ptr<byte_source> bytes_;
  std::string pointer_;
  text_window window_;
  file_place at_;
  /// Where the next page begins: an element does, so nobody needs to look.
  std::uint64_t expected_ = 0;
  json_value_checker check_;
};

} // namespace orc
