#pragma once

#include "tests/support/temp_folder.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace orc::test {

/// A data directory that is new, and removed in the end.
class data_directory : public temp_folder {
public:
  std::filesystem::path database() const {
    return path() / "orchestrator.db";
  }

  /// @returns whether the text stands in any file.
  bool holds(std::string_view text) const;

  /// @returns the names, sizes and contents of all files but the lock, as one
  ///          text to compare.
  std::string snapshot() const;

  /// Runs SQL on the database, past the store.
  void execute(const std::string& sql) const;

  /// @returns how many commits the write-ahead log tells of.
  std::uint64_t commits() const;
};

std::string read_file(const std::filesystem::path& file);

void write_file(const std::filesystem::path& file, std::string_view text);

} // namespace orc::test
