#include "persistence/sources/row_key.hpp"

#include "messages/base/error.hpp"
#include "messages/json/raw_object.hpp"
#include "persistence/sources/row_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace orc {

namespace {

template <class T>
bool read_all(std::string_view text, T& to) {
  auto [end, error] = std::from_chars(text.begin(), text.end(), to);
  return error == std::errc{} && end == text.end();
}

} // namespace

caf::expected<row_key> read_key(std::string_view cursor) {
  if (std::int64_t x = 0; read_all(cursor, x))
    return row_key{x};
  if (double x = 0; read_all(cursor, x) && std::isfinite(x))
    return row_key{x};
  auto bad = make_error(ec::bad_field,
                        fmt::format("cursor {}: must be the key of a row: a "
                                    "number, or a text in quotes",
                                    cursor));
  if (!cursor.starts_with('"'))
    return bad;
  auto object = raw_object::read(fmt::format(R"({{"key":{}}})", cursor));
  if (!object || object->names().size() != 1)
    return bad;
  auto text = object->text("key");
  return row_key{text.value_or("")};
}

std::string cursor_of(const row_key& x) {
  if (const auto* text = std::get_if<std::string>(&x))
    return quote_text(*text);
  if (const auto* real = std::get_if<double>(&x))
    return fmt::format("{}", *real);
  return fmt::format("{}", std::get<std::int64_t>(x));
}

caf::error key_is_not_unique(std::string_view column, std::string_view key) {
  return make_error(ec::bad_config,
                    fmt::format("source.key: two rows have {} in `{}`, and one "
                                "of them would be left out: choose a column "
                                "that is unique",
                                key, column));
}

caf::error key_is_null(std::string_view column) {
  return make_error(ec::bad_config,
                    fmt::format("source.key: `{}` is NULL in a row: choose a "
                                "column that never is, or leave such rows out",
                                column));
}

caf::error key_does_not_grow(std::string_view column, std::string_view key) {
  return make_error(ec::bad_config,
                    fmt::format("source.query: the page behind {} ends with it "
                                "again: does it say `WHERE {} > :cursor ORDER "
                                "BY {}`?",
                                key, column, column));
}

} // namespace orc
