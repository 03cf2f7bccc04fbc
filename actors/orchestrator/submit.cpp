// How the ORCHESTRATOR takes submissions.

#include "actors/orchestrator/log.hpp"
#include "actors/orchestrator/orchestrator.hpp"
#include "actors/run/rejoin.hpp"
#include "messages/base/fault_point.hpp"

#include <utility>

namespace orc {

/// One submission on its way.
struct orchestrator_state::submit_job {
  submit_runs request;
  caf::typed_response_promise<submitted_runs> promise;
  submitted_runs answer;
  /// Runs to be handed to their ACCOUNTs once all is durable.
  std::vector<run_record> ready;
  /// Saves under way.
  std::size_t open = 0;
  caf::error failure;
};

caf::result<submitted_runs>
orchestrator_state::submit(const submit_runs& request) {
  if (stopping_)
    return make_error(ec::stopping, "the service is stopping: try again later");
  auto job = std::make_shared<submit_job>();
  job->request = request;
  job->promise = self_->make_response_promise<submitted_runs>();
  if (auto err
      = put_under_inputs(settings_, request.fixed_input, job->request.runs)) {
    job->promise.deliver(std::move(err));
    return job->promise;
  }
  when_ready([this, job] {
    auto records = make_records(job->request.runs, book_, now());
    if (!records) {
      job->promise.deliver(std::move(records.error()));
      return;
    }
    for (auto& account : book_.take_new())
      self_->request(parts_.store, caf::infinite, save_account{account})
        .then([](const saved&) {},
              [](const caf::error& err) {
                log.error("account-unsaved", "error=\"{}\"", message_of(err));
              });
    self_
      ->request(parts_.store, caf::infinite, insert_runs{std::move(*records)})
      .then([this, job](inserted_runs& x) { on_inserted(job, x); },
            [job](caf::error& err) { job->promise.deliver(std::move(err)); });
  });
  return job->promise;
}

void orchestrator_state::on_inserted(const std::shared_ptr<submit_job>& job,
                                     inserted_runs& result) {
  fault_point("submitted");
  job->open = 1;
  for (std::size_t i = 0; i < result.runs.size(); ++i) {
    auto& one = result.runs[i];
    if (one.joined)
      rejoin_one(job, i, one);
    job->answer.runs.push_back({one.record.view, one.joined});
    if (!one.joined)
      job->ready.push_back(std::move(one.record));
  }
  finish_submit(job);
}

void orchestrator_state::rejoin_one(const std::shared_ptr<submit_job>& job,
                                    std::size_t index, inserted_run& result) {
  const auto& request = job->request.runs[index];
  auto& record = result.record;
  if (rejoin(record, request, job->request.retry_failed)
      == rejoin_outcome::joined)
    return;
  log.info("run-rejoined", "name={} attempts={} resurrect={}", record.view.name,
           record.view.attempts.size(), record.resurrect);
  ++job->open;
  // A start that is looked for first may be known by nothing but its input.
  auto input = record.intent ? json_text{} : request.input;
  self_->request(parts_.store, caf::infinite, save_run{record, input})
    .then(
      [this, job, record](const saved&) {
        job->ready.push_back(record);
        finish_submit(job);
      },
      [this, job](caf::error& err) {
        // Another submission of the name was faster: then it has rejoined it.
        if (code_of(err) != ec::stale_save)
          job->failure = std::move(err);
        finish_submit(job);
      });
}

void orchestrator_state::finish_submit(const std::shared_ptr<submit_job>& job) {
  if (--job->open > 0)
    return;
  // What is durable goes on whatever became of the rest.
  enqueue(job->ready);
  for (const auto& record : job->ready)
    self_->send(parts_.events,
                publish_event{event_kind::submitted, record.view});
  if (job->failure)
    job->promise.deliver(std::move(job->failure));
  else
    job->promise.deliver(std::move(job->answer));
}

} // namespace orc
