#pragma once

#include "persistence/sqlite/database.hpp"

namespace orc::sqlite {

/// How much of a store is read before it is trusted.
enum class integrity_check {
  /// Everything while the store is small (64 MiB: 0.1 s); else the header, the
  /// schema and both ends of every table.
  quick,
  /// Everything, whatever the size.
  full,
};

/// Throws `ec::store_corrupt` if the store is damaged. Changes nothing.
void check_integrity(database& db, integrity_check how);

} // namespace orc::sqlite
