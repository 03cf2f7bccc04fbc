#pragma once

#include "actors/reader/csv.hpp"

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace orc {

/// Merges tables whose columns differ: the result has the columns of all, in
/// the order in which they first appeared. Rows wait on disk until the last
/// column is known.
class csv_table {
public:
  /// @param delimiter between the cells of the result.
  /// @throws std::system_error if there is no room for a temporary file, as do
  ///         all functions that need it.
  explicit csv_table(char delimiter);

  /// @returns where the columns of another table stand in this one.
  std::vector<std::size_t> add_columns(const csv_row& titles);

  /// @param places what `add_columns` returned for its table.
  void add_row(csv_row row, const std::vector<std::size_t>& places);

  /// @returns the next piece of the result, a megabyte or less, or nothing at
  ///          its end. Nothing may be added any more.
  std::optional<std::string> next_piece();

private:
  void keep(const csv_row& row);

  /// @returns whether there was another row.
  bool restore(csv_row& row);

  /// @returns the number of a column, new or known.
  std::size_t column(const std::string& title);

  /// A file without a name: gone when it is closed.
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> spool_;
  csv_row titles_;
  std::map<std::string, std::size_t> columns_;
  char delimiter_;
  bool has_begun_ = false;
};

} // namespace orc
