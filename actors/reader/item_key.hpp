#pragma once

#include <caf/expected.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc {

/// Finds what items are told apart by: the values of some of their fields.
class item_key {
public:
  /// @param names of fields; `a.b` is field `b` of the object in field `a`,
  ///              unless the item has a field of that whole name.
  explicit item_key(std::vector<std::string> names);

  /// @param item one JSON value.
  /// @returns the values, one after the other, as text; nothing if the item has
  ///          none of the fields; or `ec::bad_json`.
  caf::expected<std::optional<std::string>> of(std::string_view item) const;

private:
  std::vector<std::string> names_;
};

} // namespace orc
