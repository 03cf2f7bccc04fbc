#pragma once

#include "messages/json/value_checker.hpp"
#include "messages/walk/page_reader.hpp"
#include "transport/sources/file_place.hpp"
#include "transport/sources/text_window.hpp"

#include <memory>
#include <string>

namespace orc {

/// Pages of a file of JSON documents, one a line; blank lines count for
/// nothing. A cursor is the byte at which a line begins.
class line_pages : public page_reader {
public:
  /// @param name of the file, for errors.
  line_pages(std::string name, std::unique_ptr<byte_source> bytes);

  caf::expected<walk_page> read(const read_walk_page& page) override;

private:
  caf::error begin(const file_place& at);
  /// Takes the next line into `page`, unless it is blank.
  /// @returns whether there was a line.
  caf::expected<bool> take_line(page_builder& page);
  /// Steps over blank lines.
  /// @returns whether anything else follows.
  caf::expected<bool> find_line();
  caf::error wrong(std::string_view what) const;

  std::string name_;
  std::unique_ptr<byte_source> bytes_;
  text_window window_;
  /// Where the line at the window's position begins.
  file_place line_;
  /// Where the next page begins: a line does, so nobody needs to look.
  std::uint64_t expected_ = 0;
  json_value_checker check_;
};

} // namespace orc
