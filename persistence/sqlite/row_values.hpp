#pragma once

#include "messages/run_store.hpp"
#include "persistence/sqlite/database.hpp"

#include <fmt/format.h>

namespace orc::sqlite {

/// @returns the value of a column that holds a name.
template <named_enum Enum>
Enum named(const cursor& row, int column) {
  auto name = row.text(column);
  if (auto value = parse_enum<Enum>(name))
    return *value;
  throw failure{ec::store_corrupt,
                fmt::format("the store holds `{}`, which this program does not "
                            "know: restore it from a backup",
                            name)};
}

inline run_state state_of(const cursor& row, int column) {
  return named<run_state>(row, column);
}

/// Nothing where the column is NULL or empty.
inline std::optional<remote_status> status_of(const cursor& row, int column) {
  if (row.text(column).empty())
    return std::nullopt;
  return named<remote_status>(row, column);
}

inline run_key key_of(const cursor& row, int column) {
  return {static_cast<std::uint64_t>(row.integer(column))};
}

inline std::int64_t id_of(run_key key) {
  return static_cast<std::int64_t>(key.value);
}

/// Reads a run of the columns `id, record`.
run_record record_of(const cursor& row);

} // namespace orc::sqlite
