#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace orc {

/// @returns all processes but ours whose environment has a variable that begins
///          so: `NAME=value`.
std::vector<int> find_marked(std::string_view variable);

/// @returns all processes whose worker's id has a mark in it.
std::vector<int> find_worker_processes(std::string_view mark);

/// Ends processes, SIGTERM first if they have a grace, and waits until they are
/// gone. Those that are our children are reaped, see `reap_stray`.
void end_processes(const std::vector<int>& pids, std::chrono::milliseconds grace
                                                 = {});

/// Reaps children that we never started: what our children have left behind.
void reap_strays();

} // namespace orc
