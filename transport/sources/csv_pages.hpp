#pragma once

#include "messages/walk/page_reader.hpp"
#include "transport/sources/csv_row.hpp"
#include "transport/sources/file_place.hpp"

#include <memory>
#include <string>
#include <vector>

namespace orc {

/// Pages of a file of rows. The first row, which is read again whenever the
/// file is opened, names the columns; each other one is an object of strings. A
/// cursor is the byte at which a row begins. Blank lines count for nothing.
class csv_pages : public page_reader {
public:
  csv_pages(std::string name, std::unique_ptr<byte_source> bytes,
            char delimiter);

  caf::expected<walk_page> read(const read_walk_page& page) override;

private:
  caf::error read_names();
  caf::error name_columns(const std::vector<std::string>& names);
  caf::error begin(const file_place& at);
  /// Reads on to the next row that is not blank.
  /// @returns whether there is one; `at_` is where it began, `rows_` holds it.
  caf::expected<bool> next_row();
  caf::error check_length();
  caf::expected<std::string> item();

  std::string name_;
  std::unique_ptr<byte_source> bytes_;
  text_window window_;
  csv_row_reader rows_;
  /// `{"name":` of each column, with a comma in place of the brace from the
  /// second on.
  std::vector<std::string> keys_;
  /// Behind the names.
  file_place body_;
  file_place at_;
  /// Where the next page begins, if its first row is in `rows_` already.
  std::uint64_t read_ahead_ = 0;
  /// Behind the row in `rows_`.
  file_place behind_;
};

} // namespace orc
