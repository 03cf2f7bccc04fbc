#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/message.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>

namespace orc {

/// Asks how often a task was reset: what is done for it outside, such as a run,
/// has another name each time.
struct get_task_resets {
  std::uint64_t key = 0;

  static constexpr auto fields
    = describe("get_task_resets", "Asks how often a task was reset.",
               field("key", &get_task_resets::key, "Which task."));
};

struct task_resets {
  std::uint64_t count = 0;

  static constexpr auto fields
    = describe("task_resets", "Answers get_task_resets.",
               field("count", &task_resets::count,
                     "By itself or with its group; 0 if there is no such "
                     "task."));
};

/// The part of the TASK STORE that counts resets.
using task_resets_actor
  = caf::typed_actor<caf::replies_to<get_task_resets>::with<task_resets>>;

} // namespace orc

#define ORC_TASK_RESET_MESSAGES(X)                                             \
  X(orc::get_task_resets)                                                      \
  X(orc::task_resets)

ORC_TASK_RESET_MESSAGES(ORC_DECLARE_MESSAGE)
