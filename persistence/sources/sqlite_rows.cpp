#include "persistence/sources/sqlite_rows.hpp"

#include "messages/base/error.hpp"
#include "persistence/sources/row_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <limits>
#include <utility>
#include <variant>

namespace orc {

namespace {

std::string_view text_at(sqlite3_stmt* row, int column) {
  const auto* first = sqlite3_column_text(row, column);
  auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
  return {reinterpret_cast<const char*>(first), first ? size : 0};
}

std::string_view bytes_at(sqlite3_stmt* row, int column) {
  const auto* first = sqlite3_column_blob(row, column);
  auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
  return {static_cast<const char*>(first), first ? size : 0};
}

/// @returns whether a column declared so keeps numbers as text.
bool is_text(const char* declared) {
  auto type = std::string{declared ? declared : ""};
  std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) {
    return static_cast<char>(std::toupper(c));
  });
  auto has = [&](const char* x) { return type.find(x) != std::string::npos; };
  return !has("INT") && (has("CHAR") || has("CLOB") || has("TEXT"));
}

} // namespace

void bind_lowest(sqlite3_stmt* query, int key_column) {
  auto i = sqlite3_bind_parameter_index(query, ":cursor");
  if (is_text(sqlite3_column_decltype(query, key_column)))
    sqlite3_bind_text(query, i, "", 0, SQLITE_STATIC);
  else
    sqlite3_bind_double(query, i, -std::numeric_limits<double>::infinity());
}

caf::error bind_cursor(sqlite3_stmt* query, std::string_view cursor) {
  auto key = read_key(cursor);
  if (!key)
    return std::move(key.error());
  auto i = sqlite3_bind_parameter_index(query, ":cursor");
  if (const auto* x = std::get_if<std::string>(&*key))
    sqlite3_bind_text64(query, i, x->data(), x->size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
  else if (const auto* y = std::get_if<double>(&*key))
    sqlite3_bind_double(query, i, *y);
  else
    sqlite3_bind_int64(query, i, std::get<std::int64_t>(*key));
  return {};
}

void bind_size(sqlite3_stmt* query, sqlite3_int64 size) {
  if (auto i = sqlite3_bind_parameter_index(query, ":size"))
    sqlite3_bind_int64(query, i, size);
}

caf::expected<std::string>
cursor_at(sqlite3_stmt* row, int column, std::string_view name) {
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER:
      return cursor_of(
        row_key{std::int64_t{sqlite3_column_int64(row, column)}});
    case SQLITE_FLOAT:
      return cursor_of(row_key{sqlite3_column_double(row, column)});
    case SQLITE_TEXT:
      return cursor_of(row_key{std::string{text_at(row, column)}});
    case SQLITE_NULL:
      return key_is_null(name);
    default:
      return make_error(ec::bad_config,
                        fmt::format("source.key: `{}` has bytes (BLOB): choose "
                                    "a column of numbers or text",
                                    name));
  }
}

std::string_view item_at(sqlite3_stmt* row, int width, row_text& as) {
  as.begin();
  for (int i = 0; i < width; ++i)
    switch (sqlite3_column_type(row, i)) {
      case SQLITE_INTEGER:
        as.add_integer(sqlite3_column_int64(row, i));
        break;
      case SQLITE_FLOAT:
        as.add_real(sqlite3_column_double(row, i));
        break;
      case SQLITE_TEXT:
        as.add_text(text_at(row, i));
        break;
      case SQLITE_BLOB:
        as.add_bytes(bytes_at(row, i));
        break;
      default:
        as.add_json("null");
    }
  return as.finish();
}

} // namespace orc
