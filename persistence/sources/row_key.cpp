#include "persistence/sources/row_key.hpp"

#include "messages/base/error.hpp"
#include "messages/json/raw_object.hpp"
#include "persistence/sources/row_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace orc {

namespace {

template <class T>
bool read_all(std::string_view text, T& to) {
  auto [end, error] = std::from_chars(text.begin(), text.end(), to);
  return error == std::errc{} && end == text.end();
}

bool is_text(std::string_view cursor) {
  return cursor.starts_with('"');
}

/// @pre neither is a text
/// @returns 1 if the second one is more, -1 if it is less.
int way_between(std::string_view from, std::string_view to) {
  auto way = [](auto x, auto y) { return x < y ? 1 : x > y ? -1 : 0; };
  if (std::int64_t x = 0, y = 0; read_all(from, x) && read_all(to, y))
    return way(x, y);
  if (double x = 0, y = 0; read_all(from, x) && read_all(to, y))
    return way(x, y);
  return 0;
}

char lower(char x) {
  return x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x;
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

caf::error key_does_not_grow(std::string_view column, std::string_view key,
                             std::string_view before) {
  return make_error(ec::bad_config,
                    fmt::format("source.query: {} comes behind {}, and rows "
                                "would be read twice: does it say `WHERE {} > "
                                ":cursor ORDER BY {}`?",
                                key, before, column, column));
}

bool may_be_one_key(std::string_view x, std::string_view y) {
  if (is_text(x) != is_text(y))
    return false;
  if (!is_text(x))
    return way_between(x, y) == 0;
  auto folded = [](std::string_view text) {
    std::string result{text.substr(0, text.size() - 1)};
    result.resize(result.find_last_not_of(' ') + 1);
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
  };
  return folded(x) == folded(y);
}

caf::error key_order::take(std::string_view column, const std::string& key) {
  auto is_first = !std::exchange(is_behind_, true);
  if (is_first && key == last_)
    return key_does_not_grow(column, key, last_);
  auto way = 0;
  if (!last_.empty() && !is_text(last_) && !is_text(key))
    way = way_between(last_, key);
  if (way * way_ < 0)
    return key_does_not_grow(column, key, last_);
  way_ = way != 0 ? way : way_;
  last_ = key;
  return {};
}

} // namespace orc
