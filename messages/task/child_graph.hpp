#pragma once

#include "messages/task/task.hpp"

#include <caf/error.hpp>

#include <string_view>
#include <vector>

namespace orc {

/// Checks that children of a release are a graph: every name is given once,
/// every parent is there, and none waits for itself.
/// @param list what the request calls them.
/// @returns `ec::bad_field`, naming the child.
caf::error check_children(const std::vector<task_child>& xs,
                          std::string_view list = "children");

} // namespace orc
