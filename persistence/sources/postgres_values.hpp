#pragma once

#include "persistence/sources/row_text.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace orc {

/// The types of PostgreSQL whose text is not simply a text. They have had these
/// numbers for ever: see `pg_type.dat`.
enum class postgres_type : unsigned {
  boolean = 16,
  bytes = 17,
  name = 19,
  bigint = 20,
  smallint = 21,
  integer = 23,
  text = 25,
  oid = 26,
  json = 114,
  real = 700,
  double_precision = 701,
  bpchar = 1042,
  varchar = 1043,
  date = 1082,
  timestamp = 1114,
  timestamptz = 1184,
  numeric = 1700,
  uuid = 2950,
  jsonb = 3802,
};

/// Adds a value, as PostgreSQL writes it, to a row: numbers as numbers, all
/// their digits kept; JSON as JSON; bytes as base64; the rest as text.
void add_value(row_text& to, unsigned type, std::string_view text);

/// @returns the cursor behind a row whose key is written so: a JSON number or
///          string; nothing for bytes, JSON and other things without an order.
std::optional<std::string> key_cursor(unsigned type, std::string_view text);

/// @returns how PostgreSQL writes the lowest value of a type, if it has one.
std::optional<std::string> lowest_value(unsigned type);

} // namespace orc
