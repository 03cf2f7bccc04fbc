// How the ORCHESTRATOR aborts runs and stops.

#include "actors/orchestrator/log.hpp"
#include "actors/orchestrator/with_run.hpp"

#include <utility>

namespace orc {

namespace {

/// How many runs of "abort all" are looked at together: an ACCOUNT starts a RUN
/// for each queued run that it cancels.
constexpr std::uint32_t abort_page_size = 200;

} // namespace

struct orchestrator_state::abort_job {
  caf::typed_response_promise<aborted_runs> promise;
  abort_runs request;
  aborted_runs answer;
  std::string cursor;
  /// Aborts and look-ups under way.
  std::size_t open = 0;
};

caf::result<run> orchestrator_state::abort_one(const abort_named_run& request) {
  auto promise = self_->make_response_promise<run>();
  with_run(
    request.ref, promise,
    [this, promise, gracefully = request.gracefully](run_record& x) mutable {
      const auto* target = account_of(x.view.account);
      if (is_final(x.view.state) || !target) {
        promise.deliver(std::move(x.view));
        return;
      }
      self_
        ->request(target->account, caf::infinite, abort_run{x.key, gracefully})
        .then([promise](run& y) mutable { promise.deliver(std::move(y)); },
              [promise](caf::error& err) mutable {
                promise.deliver(std::move(err));
              });
    });
  return promise;
}

caf::result<aborted_runs>
orchestrator_state::abort_many(const abort_runs& request) {
  auto job = std::make_shared<abort_job>();
  job->promise = self_->make_response_promise<aborted_runs>();
  job->request = request;
  when_ready([this, job] {
    if (job->request.all)
      return abort_page(job);
    job->open = job->request.names.size() + 1;
    for (const auto& wanted : job->request.names)
      self_
        ->request(parts_.store, caf::infinite,
                  find_run{{job->request.space, wanted}})
        .then(
          [this, job](const run_record& x) {
            abort_record(job, x);
            close_abort(job);
          },
          [this, job, wanted](const caf::error&) {
            job->answer.unknown.push_back(wanted);
            close_abort(job);
          });
    close_abort(job);
  });
  return job->promise;
}

void orchestrator_state::abort_page(const std::shared_ptr<abort_job>& job) {
  list_runs request;
  request.space = job->request.space;
  request.states = {run_state::queued, run_state::starting, run_state::running};
  request.limit = abort_page_size;
  request.cursor = job->cursor;
  self_->request(parts_.store, caf::infinite, request)
    .then(
      [this, job](const record_page& page) {
        job->cursor = page.next_cursor;
        job->open = 1;
        for (const auto& x : page.records)
          abort_record(job, x);
        close_abort(job);
      },
      [job](caf::error& err) { job->promise.deliver(std::move(err)); });
}

void orchestrator_state::abort_record(const std::shared_ptr<abort_job>& job,
                                      const run_record& record) {
  const auto* target = account_of(record.view.account);
  if (is_final(record.view.state) || !target)
    return;
  ++job->open;
  self_
    ->request(target->account, caf::infinite,
              abort_run{record.key, job->request.gracefully})
    .then(
      [this, job](const run&) {
        ++job->answer.count;
        close_abort(job);
      },
      [this, job](const caf::error& err) {
        log.warn("abort-failed", "error=\"{}\"", message_of(err));
        close_abort(job);
      });
}

void orchestrator_state::close_abort(const std::shared_ptr<abort_job>& job) {
  if (--job->open > 0)
    return;
  if (job->request.all && !job->cursor.empty())
    abort_page(job);
  else
    job->promise.deliver(job->answer);
}

caf::result<account_stopped> orchestrator_state::stop(bool abort) {
  auto promise = self_->make_response_promise<account_stopped>();
  stopping_ = true;
  log.info("stopping", "abort={}", abort);
  auto total = std::make_shared<account_stopped>();
  auto open = std::make_shared<std::size_t>(accounts_.size() + 1);
  auto close = [this, promise, total, open]() mutable {
    if (--*open > 0)
      return;
    for (auto& waiter : waiters_.take_all())
      waiter.deliver(make_error(ec::stopping, "the service is stopping"));
    promise.deliver(*total);
  };
  for (const auto& [key, target] : accounts_)
    self_->request(target.account, caf::infinite, stop_account{abort})
      .then(
        [total, close](const account_stopped& x) mutable {
          total->aborted += x.aborted;
          close();
        },
        [close](const caf::error&) mutable { close(); });
  close();
  return promise;
}

} // namespace orc
