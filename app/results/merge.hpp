#pragma once

#include "app/results/item_writer.hpp"
#include "messages/orchestrator.hpp"

#include <functional>
#include <string>
#include <vector>

namespace orc::app {

/// Reads a page of a run's items.
using page_reader
  = std::function<caf::expected<items_page>(const run_ref&, const get_items&)>;

/// @returns an error if `merge_items` could not write to that path: better
///          before runs are paid for than after.
[[nodiscard]] caf::error check_output(const std::string& path);

/// Writes the items of runs into one file, run after run and page after page,
/// never more than a page in memory. The file appears when it is complete.
/// @returns how many items it has.
[[nodiscard]] caf::expected<std::uint64_t>
merge_items(const std::vector<run_ref>& runs, const std::string& path,
            items_format format, const page_reader& read);

/// Same, to standard output.
[[nodiscard]] caf::expected<std::uint64_t>
print_items(const std::vector<run_ref>& runs, items_format format,
            const page_reader& read);

} // namespace orc::app
