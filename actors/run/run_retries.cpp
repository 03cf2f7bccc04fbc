// Whether, and how, a run whose platform run ended is tried again.

#include "actors/run/out_of_memory.hpp"
#include "actors/run/run_lifecycle.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc {

stuck_step run_lifecycle::found_stuck() {
  auto then = stuck_step::give_up;
  if (record_.stuck_resurrections > 0) {
    --record_.stuck_resurrections;
    then = stuck_step::resurrect;
  } else if (record_.stuck_restarts > 0) {
    --record_.stuck_restarts;
    then = stuck_step::restart;
  }
  record_.stuck_next = then;
  ++last().stuck;
  return then;
}

bool run_lifecycle::ended(const remote_run& remote, timestamp now,
                          const retry_policy& retries) {
  adopt(remote);
  last().finished_at = remote.finished_at.value_or(now);
  last().exit_code = remote.exit_code;
  last().usage_total_usd = remote.usage_total_usd;
  record_.unsettled = true;
  note_error(remote);
  if (record_.stuck_next)
    return !recover_stuck(remote, now);
  auto again = tries_again(remote.status);
  // More memory is worth an attempt of its own: it ends at the most memory.
  if (raise_memory(remote) && !again) {
    ++record_.max_attempts;
    again = true;
  }
  if (!again) {
    finish(run_state::finished, now);
    return true;
  }
  auto policy = remote.status == remote_status::timed_out ? record_.on_timed_out
                                                          : record_.on_aborted;
  try_again(now + retries.after(record_.view.attempts.size()),
            remote.status != remote_status::failed
              && policy == end_policy::resurrect);
  return false;
}

void run_lifecycle::note_error(const remote_run& remote) {
  if (remote.status == remote_status::succeeded)
    return;
  auto status = name_of(remote.status);
  auto message = remote.status_message.value_or(
    fmt::format("The platform run {} ended {}.", remote.id, status));
  record_.view.error
    = run_error{fmt::format("run-{}", status), std::move(message)};
}

bool run_lifecycle::tries_again(remote_status status) const {
  if (record_.abort_requested
      || attempts_used(record_.view) >= record_.max_attempts)
    return false;
  switch (status) {
    case remote_status::failed:
      return true;
    case remote_status::timed_out:
      return record_.on_timed_out != end_policy::hand_out;
    case remote_status::aborted:
      return record_.on_aborted != end_policy::hand_out;
    default:
      return false;
  }
}

/// @returns whether the next attempt gets more memory.
bool run_lifecycle::raise_memory(const remote_run& remote) {
  auto had = last().memory ? last().memory : record_.options.memory;
  if (record_.abort_requested || !record_.max_memory || !had
      || !ran_out_of_memory(remote)
      || had->count * 2 > record_.max_memory->count)
    return false;
  record_.options.memory = mebibytes{had->count * 2};
  record_.view.memory = record_.options.memory;
  return true;
}

/// Goes on after the abort of a run that was stuck.
/// @returns whether it is tried again.
bool run_lifecycle::recover_stuck(const remote_run& remote, timestamp now) {
  auto then = *std::exchange(record_.stuck_next, std::nullopt);
  // It may have come to its end while it was being aborted.
  auto aborted = remote.status != remote_status::succeeded;
  if (aborted)
    record_.view.error = run_error{
      "run-stuck", fmt::format("The platform run {} did nothing any more and "
                               "was aborted.",
                               remote.id)};
  if (!aborted || then == stuck_step::give_up || record_.abort_requested) {
    finish(run_state::finished, now);
    return false;
  }
  // What the policy allows comes on top of the attempts that were asked for.
  ++record_.max_attempts;
  try_again(std::nullopt, then == stuck_step::resurrect);
  return true;
}

void run_lifecycle::try_again(std::optional<timestamp> not_before,
                              bool resurrect) {
  last().error = record_.view.error;
  record_.resurrect = resurrect;
  record_.not_before = not_before;
  record_.view.state = run_state::queued;
}

} // namespace orc
