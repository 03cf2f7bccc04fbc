#pragma once

#include "messages/base/timestamp.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc {

// What /proc tells of the processes of this machine.

/// A process that is no zombie.
struct process_entry {
  int pid = 0;
  int parent = 0;
  int group = 0;
  timestamp began;
};

/// @returns nothing if there is no such process, or only a zombie of it.
std::optional<process_entry> find_process(int pid);

/// Calls `f` for all processes that are no zombies.
void for_each_process(const std::function<void(const process_entry&)>& f);

/// @returns whether the process of a pid has begun at a time, as far as clocks
///          can tell: else its pid has been given to another one.
bool is_process(int pid, timestamp began);

/// @returns whether a process was started with a variable that begins so:
///          `NAME=value`.
bool has_variable(int pid, std::string_view variable);

/// @param name with a `=` behind.
/// @returns its value in the environment that a process was started with; "" if
///          there is none, or we may not know.
std::string variable_of_process(int pid, const std::string& name);

/// @returns all processes of a group, and below a process.
std::vector<int> find_tree(int pid);

} // namespace orc
