#pragma once

#include <caf/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace orc {

/// The value of a key column. A cursor of rows is the key of the row before it,
/// as JSON, so that a number stays a number and a text a text.
using row_key = std::variant<std::int64_t, double, std::string>;

/// @param cursor a JSON number or string.
/// @returns `ec::bad_field` if it is neither.
caf::expected<row_key> read_key(std::string_view cursor);

/// @returns the cursor behind the row of a key.
std::string cursor_of(const row_key& x);

/// @returns `ec::bad_config`: several rows have the key, so that what lies
///          between pages would be lost.
caf::error key_is_not_unique(std::string_view column, std::string_view key);

/// @returns `ec::bad_config`: a row has no key.
caf::error key_is_null(std::string_view column);

/// @returns `ec::bad_config`: the rows do not lie behind the cursor, one behind
///          the other, so that some would come twice.
caf::error key_does_not_grow(std::string_view column, std::string_view key,
                             std::string_view before);

/// @returns whether a database may take two keys, as cursors, for one although
///          they differ, by the collation or the scale of their column.
bool may_be_one_key(std::string_view x, std::string_view y);

/// Sees that the keys of a page go one way, up or down, away from the cursor.
/// Only numbers are compared: how texts are ordered the database knows.
class key_order {
public:
  /// @param cursor empty for the first page.
  explicit key_order(std::string_view cursor) : last_{cursor} {
    // nop
  }

  /// @param key of the next row.
  /// @returns `ec::bad_config` if it does not go on as those before it.
  caf::error take(std::string_view column, const std::string& key);

private:
  std::string last_;
  /// 1 if they grow, -1 if they shrink, 0 if that is not known yet.
  int way_ = 0;
  bool is_behind_ = false;
};

} // namespace orc
