#pragma once

#include "persistence/sources/row_text.hpp"

#include <caf/expected.hpp>

#include <memory>
#include <sqlite3.h>
#include <string>
#include <string_view>

namespace orc {

// A query over an SQLite database that somebody else keeps: what is put into
// it, and what its rows hold.

struct sqlite_closer {
  void operator()(sqlite3* x) const {
    sqlite3_close(x);
  }

  void operator()(sqlite3_stmt* x) const {
    sqlite3_finalize(x);
  }
};

using sqlite_ptr = std::unique_ptr<sqlite3, sqlite_closer>;
using sqlite_query_ptr = std::unique_ptr<sqlite3_stmt, sqlite_closer>;

/// Binds what is below every key of a column. Anything is above minus infinity,
/// but a text column would compare with it as text.
void bind_lowest(sqlite3_stmt* query, int key_column);

/// Binds the key that a cursor stands for. Fails if it is none.
caf::error bind_cursor(sqlite3_stmt* query, std::string_view cursor);

void bind_size(sqlite3_stmt* query, sqlite3_int64 size);

/// @returns the cursor of a row, or an error that names the key.
caf::expected<std::string>
cursor_at(sqlite3_stmt* row, int column, std::string_view name);

/// @returns the first `width` columns of a row as JSON.
std::string_view item_at(sqlite3_stmt* row, int width, row_text& as);

} // namespace orc
