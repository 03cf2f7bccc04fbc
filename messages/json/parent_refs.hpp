#pragma once

#include "messages/task/task.hpp"

#include <caf/expected.hpp>

#include <string>
#include <vector>

namespace orc {

/// Puts what the parents of a task made where its input refers to it:
/// `{"$parent": "/output/defaultDatasetId"}` stands for that value of the first
/// parent, `{"$parents": …}` for an array of those of all parents. The pointer
/// is one of RFC 6901, into `{"_id","channel","input","output"}`.
/// @returns the input, or `ec::bad_field` that names the pointer that leads to
///          nothing.
caf::expected<json_text>
resolve_parents(const json_text& input,
                const std::vector<task_parent>& parents);

} // namespace orc
