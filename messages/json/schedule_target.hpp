#pragma once

#include "messages/run_request.hpp"
#include "messages/schedule/schedule.hpp"
#include "messages/task/bulk.hpp"

#include <caf/expected.hpp>

#include <optional>

namespace orc {

/// What a schedule makes at one time: tasks, or a run.
struct schedule_target {
  std::optional<create_tasks> tasks;
  /// One task, not a group.
  bool is_one_task = false;
  std::optional<run_request> run;
};

/// @param created when the schedule was made: one of the same name that was
///                made later is another one.
/// @returns what is made at a time, named by the schedule and the time, so that
///          it is made once; or `ec::bad_field`.
caf::expected<schedule_target>
read_schedule_target(const schedule_definition& x, timestamp created,
                     timestamp due);

} // namespace orc
