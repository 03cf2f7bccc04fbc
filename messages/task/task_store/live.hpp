#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/timestamp.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace orc {

/// All that TASKS keeps in memory of a task that is not complete: little, since
/// there may be millions of them.
struct live_task {
  std::uint64_t key = 0;
  std::uint64_t group = 0;
  std::string channel;
  std::string workgroup;
  std::string dedup_key;
  timestamp created_at;
  timestamp run_after;
  double priority = 0;
  double error_delay_secs = 0;
  bool fails_on_lease_end = false;
  std::int64_t attempts = 0;
  bool has_parents = false;
  bool parents_complete = false;
  /// Its parents that are not complete.
  std::vector<std::uint64_t> open_parents;
  /// Nobody if it is not assigned.
  std::string worker;
  timestamp assigned_at;
  timestamp lease_until;

  static constexpr auto fields
    = describe("live_task", "A task that is not complete.",
               field("key", &live_task::key, "Its key."),
               field("group", &live_task::group, "Key of its group."),
               field("channel", &live_task::channel, "Its channel."),
               field("workgroup", &live_task::workgroup, "Its workgroup."),
               field("dedupKey", &live_task::dedup_key, "Done as one."),
               field("createdAt", &live_task::created_at, "When."),
               field("runAfter", &live_task::run_after, "1970 if none."),
               field("priority", &live_task::priority, "Higher first."),
               field("errorDelay", &live_task::error_delay_secs, "s."),
               field("failOnLeaseEnd", &live_task::fails_on_lease_end, "."),
               field("attempts", &live_task::attempts, "Left."),
               field("hasParents", &live_task::has_parents, "Any."),
               field("parentsComplete", &live_task::parents_complete, "All."),
               field("openParents", &live_task::open_parents, "Keys."),
               field("worker", &live_task::worker, "Who has it."),
               field("assignedAt", &live_task::assigned_at, "Since when."),
               field("leaseUntil", &live_task::lease_until, "Until when."));
};

/// A group as TASKS knows it.
struct live_group {
  std::uint64_t key = 0;
  timestamp created_at;
  bool is_paused = false;
  /// Tasks up to this key are being reset or removed, and none of the group is
  /// handed out meanwhile; 0: none.
  std::uint64_t resetting_until = 0;

  static constexpr auto fields
    = describe("live_group", "A group.",
               field("key", &live_group::key, "Its key."),
               field("createdAt", &live_group::created_at, "When."),
               field("isPaused", &live_group::is_paused, "All its tasks."),
               field("resettingUntil", &live_group::resetting_until, "Key."));
};

} // namespace orc
