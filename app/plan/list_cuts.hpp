#pragma once

#include "app/config/config.hpp"
#include "app/plan/plan.hpp"

#include <caf/expected.hpp>

#include <string>
#include <vector>

namespace orc::app {

/// The runs that a list would become if it were cut now.
struct list_cut {
  /// What they have in common; without a name, and without an input.
  run_request run;
  std::vector<std::string> names;
};

/// Tells how the lists of a plan would be cut. Stores nothing; parts that a
/// service has cut before may have other bounds, not another number of items.
/// @param options name the account that reads datasets.
/// @returns as the SPLITTER does, naming the list.
[[nodiscard]] caf::expected<std::vector<list_cut>>
cut_lists(const plan& source, const config& options);

} // namespace orc::app
