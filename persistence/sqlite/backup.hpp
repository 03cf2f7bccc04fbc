#pragma once

#include "messages/base/timestamp.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace orc {

struct backup_file {
  std::string name;
  std::uint64_t bytes = 0;
};

struct backup_summary {
  std::vector<backup_file> files;
  /// Runs in it that were not final.
  std::uint64_t unfinished = 0;
};

/// Copies all databases of a data directory, and its key, while a service works
/// on them or not: each copy is what the database was at one point in time, and
/// the runs are copied last, so that nothing refers to a run that is missing.
/// `SHA256SUMS` in the copy vouches for it.
/// @param to made; must not be there, or be empty. Nothing is left in it after
///           an error.
/// @returns `ec::store_failed` with a sentence that tells what to do.
caf::expected<backup_summary>
back_up(const std::filesystem::path& data, const std::filesystem::path& to);

/// @returns whether a restore was cut off: what is there must not be used, but
/// a
///          restore can be begun anew.
bool is_half_restored(const std::filesystem::path& data);

/// Puts a backup in the place of a data directory that has no databases, after
/// it was checked as a whole.
/// @returns `ec::store_locked`, `ec::store_corrupt`, `ec::store_newer` or
///          `ec::store_failed`; the directory holds no part of it then.
caf::expected<backup_summary>
restore(const std::filesystem::path& from, const std::filesystem::path& data);

} // namespace orc
