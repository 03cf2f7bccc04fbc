#pragma once

#include "actors/reader/item_filter.hpp"
#include "messages/reader.hpp"

#include <caf/expected.hpp>

#include <memory>
#include <optional>

namespace orc {

/// What a page adds to a document.
struct output_piece {
  json_text text;
  std::uint64_t items = 0;
};

/// Makes one document of the pages of many datasets.
class item_output {
public:
  virtual ~item_output() = default;

  /// @param page in the format that `page_format` says.
  virtual caf::expected<output_piece>
  add(const items_page& page, item_filter& filter) = 0;

  /// Takes a page that was handed out before, for what it says to the filter.
  virtual caf::error replay(const items_page& page, item_filter& filter) = 0;

  /// @returns the next piece behind all that was added, or nothing at the end.
  virtual std::optional<std::string> finish() = 0;
};

/// @returns how the platform calls the format in which pages are to be read.
std::string page_format(output_format x);

/// @param streamed that the reader waits for rows: a CSV table begins with the
///                 columns of its first page then.
/// @param delimiter between the cells of CSV.
std::unique_ptr<item_output>
make_item_output(output_format format, bool streamed, char delimiter);

} // namespace orc
