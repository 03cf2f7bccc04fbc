#pragma once

#include "messages/run_store/saving.hpp"
#include "messages/task/tasks.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <vector>

namespace orc {

// What TASKS tells of a step is told after the step is durable, so a process
// that dies in between tells nothing. Who must know of every task follows their
// marks: the store writes one in the transaction of each step, and keeps it
// until the follower has what it needs.

/// Has the store write marks from now on, in later processes too, or no more.
struct follow_marks {
  bool on = true;

  static constexpr auto fields
    = describe("follow_marks", "Writes marks, or none.",
               field("on", &follow_marks::on, "Which."));
};

/// Asks for all marks, in their order.
struct load_marks {
  static constexpr auto fields = describe("load_marks", "Asks for all marks.");
};

/// Facts that may not have been told: of each task or group that changed how it
/// is now, and of each that was removed how it was.
struct task_marks {
  /// 0: there are none.
  std::uint64_t last = 0;
  std::vector<task_event> facts;

  static constexpr auto fields
    = describe("task_marks", "Answers load_marks.",
               field("last", &task_marks::last, "Number of the last mark."),
               field("facts", &task_marks::facts, "What they are about."));
};

/// Asks for the number of the last mark.
struct get_last_mark {
  static constexpr auto fields
    = describe("get_last_mark", "Asks for the last mark.");
};

struct last_mark {
  std::uint64_t number = 0;

  static constexpr auto fields
    = describe("last_mark", "Answers get_last_mark.",
               field("number", &last_mark::number, "0: there is none."));
};

/// The follower has all that marks up to a number are about.
struct drop_marks {
  std::uint64_t until = 0;

  static constexpr auto fields
    = describe("drop_marks", "Forgets marks.",
               field("until", &drop_marks::until, "This one included."));
};

/// The part of the TASK STORE that keeps marks.
using task_marks_actor
  = caf::typed_actor<caf::replies_to<follow_marks>::with<saved>,
                     caf::replies_to<load_marks>::with<task_marks>,
                     caf::replies_to<get_last_mark>::with<last_mark>,
                     caf::replies_to<drop_marks>::with<saved>>;

} // namespace orc

#define ORC_TASK_MARK_MESSAGES(X)                                              \
  X(orc::follow_marks)                                                         \
  X(orc::load_marks)                                                           \
  X(orc::task_marks)                                                           \
  X(orc::get_last_mark)                                                        \
  X(orc::last_mark)                                                            \
  X(orc::drop_marks)

ORC_TASK_MARK_MESSAGES(ORC_DECLARE_MESSAGE)
