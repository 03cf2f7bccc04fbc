#pragma once

#include "messages/base/error.hpp"
#include "messages/split.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace orc {

/// Takes one item: compact JSON, valid during the call. What it returns ends
/// the list.
using item_sink = std::function<caf::error(std::string_view item)>;

/// Reads a list of items piece by piece, as it comes; never holds more than one
/// item besides the piece.
class item_parser {
public:
  virtual ~item_parser() = default;

  /// @returns `ec::bad_json` or `ec::bad_field` that names the line or item, or
  ///          what the sink returned.
  [[nodiscard]] virtual caf::error feed(std::string_view piece) = 0;

  /// The list is over.
  [[nodiscard]] virtual caf::error finish() = 0;
};

std::unique_ptr<item_parser>
make_item_parser(item_format format, item_sink sink);

} // namespace orc
