#pragma once

#include "messages/task/task.hpp"

#include <string>
#include <string_view>

namespace orc {

// What Crew's clients are told besides how a task is.

/// @returns that a worker has the task of a key.
/// @pre it has a key, and a worker has it
std::string render_key_taken(const task& x);

/// @param error JSON: why the attempt failed; "": it is complete.
/// @returns that nobody has the task of a key any more.
/// @pre it has a key
std::string render_key_given_back(const task& x, std::string_view error);

/// @returns that tasks of a workgroup are not handed out until then.
std::string
render_workgroup_delayed(std::string_view workgroup, timestamp until);

} // namespace orc
