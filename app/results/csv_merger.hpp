#pragma once

#include "app/results/csv.hpp"
#include "app/results/item_writer.hpp"

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>

namespace orc::app {

/// Merges tables whose columns differ: the result has the columns of all, in
/// the order in which they first appeared. Rows wait on disk until the last
/// column is known.
class csv_merger : public item_writer {
public:
  explicit csv_merger(text_sink& out);

  void add(std::string_view page) override;
  void finish() override;

private:
  void keep(const csv_row& row);

  /// @returns whether there was another row.
  bool restore(csv_row& row);

  /// @returns the number of a column, new or known.
  std::size_t column(const std::string& title);

  text_sink& out_;
  /// A file without a name: gone when it is closed.
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> spool_;
  csv_row titles_;
  std::map<std::string, std::size_t> columns_;
};

} // namespace orc::app
