// How BATCHES submits what failed once more.

#include "actors/batch/batches.hpp"
#include "actors/batch/failed_runs.hpp"
#include "actors/deliver_to.hpp"

#include <utility>

namespace orc {

namespace {

using done_callback = std::function<void(caf::expected<std::uint64_t>)>;

/// The failed runs of one page, read and submitted one after the other: their
/// inputs may be large.
struct retry_job {
  std::vector<run_key> keys;
  std::size_t next = 0;
  done_callback done;
};

void retry_next(batches_self::pointer self, const batches_parts& parts,
                const std::shared_ptr<retry_job>& work) {
  if (work->next == work->keys.size())
    return work->done(static_cast<std::uint64_t>(work->keys.size()));
  auto failed = [work](caf::error& err) { work->done(std::move(err)); };
  self->request(parts.runs, caf::infinite, load_run{work->keys[work->next++]})
    .then(
      [self, parts, work, failed](const loaded_run& x) {
        submit_runs again;
        again.runs.push_back(make_request(x));
        again.retry_failed = true;
        self->request(parts.orchestrator, caf::infinite, std::move(again))
          .then([self, parts, work](
                  const submitted_runs&) { retry_next(self, parts, work); },
                failed);
      },
      failed);
}

} // namespace

caf::result<batch_change> batches_state::retry(const run_ref& ref) {
  auto promise = self_->make_response_promise<batch_change>();
  auto finish = deliver_to<std::uint64_t>(promise);
  auto work = std::make_shared<sweep>();
  work->ref = ref;
  work->states = {run_state::finished, run_state::cancelled, run_state::refused,
                  run_state::lost};
  work->step = [this](const std::vector<run_record>& page, auto done) {
    auto job = std::make_shared<retry_job>();
    for (const auto& x : page)
      if (has_failed(x.view))
        job->keys.push_back(x.key);
    job->done = std::move(done);
    retry_next(self_, parts_, job);
  };
  work->finish = finish;
  count(ref,
        [this, work, finish](const caf::expected<batch_view>& view) mutable {
          if (!view)
            return finish(view.error());
          auto record = record_of(work->ref);
          if (!record.stopped)
            return go_on(work);
          record.stopped.reset();
          save(record, [this, work, finish](const caf::error& err) mutable {
            err ? finish(err) : go_on(work);
          });
        });
  return promise;
}

} // namespace orc
