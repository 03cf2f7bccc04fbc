#pragma once

#include "messages/run.hpp"
#include "messages/run_request.hpp"
#include "messages/task/task_store.hpp"

#include <caf/expected.hpp>

#include <string>
#include <string_view>

namespace orc {

/// Channels whose tasks are done by runs of the Apify actor behind the colon.
inline constexpr std::string_view run_channel_prefix = "apify:";

/// @returns the run that does a task: its name is that of the task, of its
///          resets and of its attempt, so that the same attempt again joins.
///          The input is the task's, with `$parent` resolved; its field `$run`,
///          if there is one, has what else a run request may have, such as
///          `options`.
/// @param given a task with its parents.
/// @param resets how often the task was reset: it is as if new then.
caf::expected<run_request>
make_task_run(const stored_tasks& given, std::uint64_t resets);

/// @returns `{"runId","status","defaultDatasetId","itemCount",
///          "usageTotalUsd"}`.
std::string render_run_output(const run& x);

/// @returns what goes into the errors of a task whose run did not succeed: the
///          same, and a `message`.
std::string render_run_error(const run& x);

} // namespace orc
