#pragma once

#include <cstdint>

namespace orc {

/// What the rule for another worker of a type has to know.
struct spawn_question {
  /// Tasks that are ready; those that a worker has are not among them.
  std::uint64_t queued = 0;
  std::uint64_t workers = 0;
  std::uint64_t type_limit = 0;
  /// Of all types.
  std::uint64_t all_workers = 0;
  std::uint64_t limit = 0;
  std::uint64_t tasks_per_worker = 1;
};

/// @returns whether a type gets another worker. The first one always comes for
///          a task that is ready; others only when there are more tasks than
///          those that are there can be expected to do.
constexpr bool should_spawn(const spawn_question& x) {
  if (x.queued == 0 || x.workers >= x.type_limit || x.all_workers >= x.limit)
    return false;
  return x.workers == 0 || x.queued > x.workers * x.tasks_per_worker;
}

} // namespace orc
