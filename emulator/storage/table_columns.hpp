#pragma once

#include "emulator/api/json.hpp"
#include "emulator/storage/items_query.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace orc::emulator {

/// The columns of a table of items: one a leaf, `a/b` for nested fields, `a/0`
/// for elements of arrays; at most 2000. They stand in the order of their first
/// appearance, or of `fields`.
class table_columns {
public:
  explicit table_columns(const items_query& query);

  /// Gathers the columns of an item.
  void see(const json_value& item);

  /// Puts the columns in their order once all items were seen.
  void settle();

  const std::vector<std::string>& names() const noexcept {
    return names_;
  }

  /// @returns the text of each column; nothing for what is null or empty.
  std::vector<std::string> cells(const json_value& item) const;

private:
  struct wanted_field {
    std::string name;
    /// Other fields take the place of this one: it is unwound or flattened.
    bool dissolved = false;
  };

  void take_field(const wanted_field& field, std::vector<std::string>& sorted);

  std::vector<wanted_field> wanted_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t> index_;
};

} // namespace orc::emulator
