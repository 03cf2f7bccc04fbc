#pragma once

#include "messages/walk/walks.hpp"

#include <string>
#include <vector>

namespace orc::app {

/// @returns how a batch stands, in one line for people.
std::string progress_line(const walk_view& x, timestamp now);

/// @returns what came of a batch, for people: with pages that are stuck or have
///          failed, and why.
std::vector<std::string>
report_lines(const walk_view& x, const std::vector<walk_page_view>& pages,
             timestamp now);

/// @returns the line of JSON that `batch run --json` ends with.
std::string final_json(const walk_view& x);

/// @returns whether all of it was done.
bool is_success(const walk_view& x);

} // namespace orc::app
