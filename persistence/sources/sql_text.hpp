#pragma once

#include "messages/walk/source.hpp"

#include <string>
#include <string_view>

namespace orc {

/// SQL with numbers for parameters.
struct numbered_sql {
  /// `$1` stands where `:size` was, `$2` where `:cursor` was: a first page has
  /// no cursor.
  std::string text;
  bool has_cursor = false;
  bool has_size = false;
};

/// Numbers the parameters of a query as PostgreSQL wants them. What stands in
/// quotes, dollar quotes or comments is no parameter, nor is a cast (`::`).
numbered_sql number_parameters(std::string_view sql);

/// @returns `name` in quotes: `"shop"."products"` for `shop.products`.
std::string quote_name(std::string_view name);

/// Queries of a source that names a table; the key is their last column.
struct table_queries {
  std::string first;
  std::string next;
};

table_queries make_table_queries(const walk_source& source);

} // namespace orc
