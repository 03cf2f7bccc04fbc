#pragma once

#include "actors/splitter/item_parser.hpp"
#include "messages/json/value_checker.hpp"

#include <string>

namespace orc {

/// Reads the elements of one JSON array.
///
///     before --'['--> element <--','--> element --']'--> after
class array_parser : public item_parser {
public:
  explicit array_parser(item_sink sink);

  caf::error feed(std::string_view piece) override;
  caf::error finish() override;

private:
  enum class place : unsigned char { before, element, after };

  caf::error begin(std::string_view& piece);
  /// Takes a piece up to the end of the element, or all of it.
  caf::error take_element(std::string_view& piece);
  caf::error end_element(char end);
  /// @returns where the element ends in `piece`, or its size.
  std::size_t find_end(std::string_view piece);

  item_sink sink_;
  json_value_checker check_;
  place place_ = place::before;
  /// The element so far.
  std::string text_;
  std::uint64_t index_ = 0;
  std::size_t depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
  /// After a comma: an element must follow.
  bool owed_ = false;
};

} // namespace orc
