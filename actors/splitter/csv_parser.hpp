#pragma once

#include "actors/splitter/item_parser.hpp"

#include <string>
#include <vector>

namespace orc {

/// Reads CSV as RFC 4180 has it: a line of names, then a line an item; quoted
/// fields may hold commas, line ends and doubled quotes. Values are strings.
class csv_parser : public item_parser {
public:
  explicit csv_parser(item_sink sink);

  caf::error feed(std::string_view piece) override;
  caf::error finish() override;

private:
  enum class place : unsigned char { start, plain, quoted, quote_in_quoted };

  caf::error take(char c);
  caf::error end_field(char c);
  caf::error end_row();
  caf::error take_names();
  caf::error take_values();

  item_sink sink_;
  place place_ = place::start;
  std::string field_;
  std::vector<std::string> row_;
  /// `{"name":` of each column, with a comma in place of the brace from the
  /// second on.
  std::vector<std::string> keys_;
  std::uint64_t line_ = 1;
  std::uint64_t first_line_ = 1;
  bool quoted_row_ = false;
  std::string item_;
};

} // namespace orc
