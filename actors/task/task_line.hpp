#pragma once

#include "actors/task/task_gate.hpp"
#include "messages/base/timestamp.hpp"
#include "messages/task/task_store.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace orc {

/// @returns seconds as a time, a thousand years at most.
inline std::chrono::milliseconds seconds_of(double secs) {
  constexpr auto most = 3.2e10;
  return std::chrono::milliseconds{
    std::llround(std::clamp(secs, 0.0, most) * 1000)};
}

struct task_lane;
struct task_workgroup;

/// By priority, with its sign changed, then by age: keys grow with time.
using task_rank = std::pair<double, std::uint64_t>;

/// What has limits: a gate, and where to find it when time opens it.
struct task_limited {
  task_gate gate;
  /// As it was when that was looked at last.
  bool is_open = true;
  /// It stands in the list of those that time opens.
  std::optional<timestamp> opens_at;
};

/// Tasks of one channel that may be handed out now: the first of each lane that
/// nothing holds up. So what is held up costs nothing.
struct task_line : task_limited {
  std::set<std::pair<task_rank, task_lane*>> heads;
  /// Tasks that are not complete.
  std::uint64_t live = 0;
  /// Those of them that a worker has.
  std::uint64_t assigned = 0;
  /// Those of them whose time comes later; none of a group that is held, for
  /// nobody knows when theirs comes.
  std::uint64_t delayed = 0;
  /// Tasks with one key are done one after the other, not as one.
  bool is_serial = false;
  /// Somebody waits for a task, and wants to know of the next one.
  bool is_awaited = false;
  /// Not only somebody who waits, or limits.
  bool had_tasks = false;
};

/// Tasks of one workgroup, of all channels.
struct task_workgroup : task_limited {
  std::set<std::uint64_t> members;
  std::set<task_lane*> lanes;
};

/// Tasks of one group, of all channels.
struct grouped_tasks {
  live_group is;
  std::set<std::uint64_t> members;
  /// Those of them that have attempts left.
  std::uint64_t open = 0;
  std::set<task_lane*> lanes;

  /// None of them is handed out.
  bool is_held() const noexcept {
    return is.is_paused || is.resetting_until != 0;
  }
};

/// Tasks of one channel, one group, and one workgroup or none: what holds one
/// of them up for others' sake holds them all, and is done to the lane, however
/// many they are.
struct task_lane {
  std::pair<const std::string, task_line>* line = nullptr;
  grouped_tasks* group = nullptr;
  std::pair<const std::string, task_workgroup>* workgroup = nullptr;
  std::set<task_rank> ready;
  /// What stands for it among the heads of its line.
  std::optional<task_rank> shown;
  /// Tasks that are not complete.
  std::uint64_t live = 0;
  /// Those of them whose time comes later, and as how many the line has them.
  std::uint64_t delayed = 0;
  std::uint64_t counted_delayed = 0;

  bool is_open() const noexcept {
    return !group->is_held() && (!workgroup || workgroup->second.is_open);
  }
};

/// Tasks of one channel with the same key: they are done as one.
struct task_twins {
  std::set<std::uint64_t> members;
  /// As long as a worker has one of them, no other is handed out.
  std::uint64_t leased = 0;
};

/// Who has a task, and until when.
struct task_lease {
  std::string worker;
  timestamp since;
  timestamp until;
};

/// A task that is not complete, with its places in the lines.
struct waiting_task {
  enum class place : std::uint8_t { nowhere, ready, delayed };

  std::uint64_t key = 0;
  std::uint64_t group = 0;
  timestamp created_at;
  timestamp run_after;
  double priority = 0;
  double error_delay_secs = 0;
  std::int64_t attempts = 0;
  std::vector<std::uint64_t> open_parents;
  /// None: it is on no channel, in no workgroup, has no key.
  task_lane* lane = nullptr;
  std::pair<const std::string, task_workgroup>* workgroup = nullptr;
  std::pair<const std::pair<const void*, std::string>, task_twins>* twins
    = nullptr;
  place at = place::nowhere;
  bool has_parents = false;
  bool parents_complete = false;
  bool is_leased = false;
  /// A lease that ends is an attempt that failed.
  bool fails_on_lease_end = false;
  /// It takes a slot of its limits; of twins only one does.
  bool is_counted = false;
};

} // namespace orc
