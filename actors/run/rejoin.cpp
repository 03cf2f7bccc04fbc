#include "actors/run/rejoin.hpp"

namespace orc {

namespace {

rejoin_outcome
requeue(run_record& record, const run_request& request, bool resurrect) {
  auto& view = record.view;
  ++record.revision;
  view.state = run_state::queued;
  view.finished_at.reset();
  view.item_count.reset();
  view.error.reset();
  record.options = request.options;
  record.priority = request.priority;
  record.on_succeeded = request.on_succeeded;
  record.on_aborted = request.on_aborted;
  record.on_timed_out = request.on_timed_out;
  record.max_memory = request.max_memory;
  record.stuck = request.stuck;
  record.stuck_resurrections = request.stuck ? request.stuck->resurrections : 0;
  record.stuck_restarts = request.stuck ? request.stuck->restarts : 0;
  record.stuck_next.reset();
  view.budget_usd = request.budget_usd;
  record.abort_requested = false;
  record.resurrect = resurrect && view.run_id.has_value() && !record.intent;
  return rejoin_outcome::requeued;
}

/// Every rejoin that goes on grants at least the attempt that it asks for.
rejoin_outcome
go_on(run_record& record, const run_request& request, end_policy policy) {
  if (policy == end_policy::hand_out)
    return rejoin_outcome::joined;
  record.max_attempts = attempts_used(record.view) + request.attempts;
  return requeue(record, request, policy == end_policy::resurrect);
}

rejoin_outcome rejoin_finished(run_record& record, const run_request& request,
                               bool retry_failed) {
  switch (record.view.status.value_or(remote_status::failed)) {
    case remote_status::succeeded:
      return go_on(record, request, request.on_succeeded);
    case remote_status::aborted:
      return go_on(record, request, request.on_aborted);
    case remote_status::timed_out:
      return go_on(record, request, request.on_timed_out);
    default:
      break;
  }
  if (retry_failed)
    return go_on(record, request, end_policy::restart);
  if (attempts_used(record.view) >= request.attempts)
    return rejoin_outcome::joined;
  record.max_attempts = request.attempts;
  return requeue(record, request, false);
}

} // namespace

rejoin_outcome
rejoin(run_record& record, const run_request& request, bool retry_failed) {
  switch (record.view.state) {
    case run_state::finished:
    case run_state::lost:
      return rejoin_finished(record, request, retry_failed);
    case run_state::cancelled:
      return go_on(record, request, request.on_aborted);
    case run_state::refused:
      return go_on(record, request, end_policy::restart);
    default:
      return rejoin_outcome::joined;
  }
}

} // namespace orc
