#include "persistence/sources/postgres_values.hpp"

#include "messages/json/json.hpp"

namespace orc {

namespace {

using pt = postgres_type;

bool is_number(pt type) {
  switch (type) {
    case pt::bigint:
    case pt::smallint:
    case pt::integer:
    case pt::oid:
    case pt::real:
    case pt::double_precision:
    case pt::numeric:
      return true;
    default:
      return false;
  }
}

/// @returns whether it is not `NaN` or `-Infinity`, which JSON does not have.
bool has_digits(std::string_view text) {
  auto first = text.substr(text.starts_with('-') ? 1 : 0);
  return !first.empty() && first.front() >= '0' && first.front() <= '9';
}

int hex_value(char c) {
  return c >= 'a' ? c - 'a' + 10 : c - '0';
}

/// @param text `\x00ff`
std::string bytes_in(std::string_view text) {
  std::string result;
  for (std::size_t i = 2; i + 1 < text.size(); i += 2)
    result
      += static_cast<char>(hex_value(text[i]) * 16 + hex_value(text[i + 1]));
  return result;
}

} // namespace

void add_value(row_text& to, unsigned type, std::string_view text) {
  auto kind = static_cast<pt>(type);
  if (kind == pt::boolean)
    return to.add_json(text == "t" ? "true" : "false");
  if (kind == pt::bytes)
    return to.add_bytes(bytes_in(text));
  if (is_number(kind) && has_digits(text))
    return to.add_json(text);
  if (kind == pt::json || kind == pt::jsonb)
    // PostgreSQL takes numbers that nobody else can read.
    if (auto compact = minify_json(text))
      return to.add_json(*compact);
  to.add_text(text);
}

std::optional<std::string> key_cursor(unsigned type, std::string_view text) {
  auto kind = static_cast<pt>(type);
  if (kind == pt::bytes || kind == pt::json || kind == pt::jsonb)
    return std::nullopt;
  if (is_number(kind) && has_digits(text))
    return std::string{text};
  return quote_text(text);
}

std::optional<std::string> lowest_value(unsigned type) {
  switch (static_cast<pt>(type)) {
    case pt::smallint:
      return "-32768";
    case pt::integer:
      return "-2147483648";
    case pt::bigint:
      return "-9223372036854775808";
    case pt::oid:
      return "0";
    case pt::name:
    case pt::text:
    case pt::varchar:
    case pt::bpchar:
      return "";
    case pt::real:
    case pt::double_precision:
    case pt::numeric:
      return "-Infinity";
    case pt::date:
    case pt::timestamp:
    case pt::timestamptz:
      return "-infinity";
    case pt::uuid:
      return "00000000-0000-0000-0000-000000000000";
    default:
      return std::nullopt;
  }
}

} // namespace orc
