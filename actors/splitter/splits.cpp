#include "actors/splitter/splits.hpp"

#include "actors/splitter/dataset_source.hpp"
#include "actors/splitter/splitter.hpp"
#include "actors/splitter/text_source.hpp"

#include <utility>

namespace orc {

splits_state::splits_state(splits_actor::pointer self) : self_{self} {
  // nop
}

splits_actor::behavior_type splits_state::make_behavior(splits_parts parts) {
  parts_ = std::move(parts);
  return {[this](const submit_split& x) { return submit(x); }};
}

caf::result<split_result> splits_state::submit(const submit_split& x) {
  auto plan = split_job::make(x.request, parts_.reserved_bytes);
  if (!plan)
    return std::move(plan.error());
  auto source = open_source(x);
  if (!source)
    return std::move(source.error());
  auto work = std::make_shared<job>();
  work->splitter
    = self_->spawn(splitter, *plan, splitter_parts{*source, parts_.store});
  work->promise = self_->make_response_promise<split_result>();
  self_->request(work->splitter, caf::infinite, cut_items{x.dry_run})
    .then(
      [this, work, dry_run = x.dry_run](split_result& cut) {
        work->result = std::move(cut);
        if (dry_run)
          work->promise.deliver(std::move(work->result));
        else
          submit_next(work);
      },
      [work](const caf::error& err) { work->promise.deliver(err); });
  return work->promise;
}

caf::expected<item_source_actor>
splits_state::open_source(const submit_split& x) {
  if (x.dataset_id.empty())
    return item_source_actor{self_->spawn(text_source, x.items)};
  if (!parts_.api)
    return make_error(ec::unknown_account,
                      "no Apify token to read the dataset with: set "
                      "APIFY_TOKEN or configure an account");
  return item_source_actor{
    self_->spawn(dataset_source, parts_.api, x.dataset_id)};
}

void splits_state::submit_next(const job_ptr& work) {
  self_->request(work->splitter, caf::infinite, next_requests{})
    .then([this, work](part_requests& x) { pass_on(work, std::move(x)); },
          [work](const caf::error& err) { work->promise.deliver(err); });
}

void splits_state::pass_on(const job_ptr& work, part_requests requests) {
  if (requests.runs.empty()) {
    work->promise.deliver(std::move(work->result));
    return;
  }
  submit_runs submission;
  submission.runs = std::move(requests.runs);
  self_->request(parts_.orchestrator, caf::infinite, std::move(submission))
    .then([this, work](const submitted_runs&) { submit_next(work); },
          [work](const caf::error& err) { work->promise.deliver(err); });
}

splits_actor::behavior_type
splits(splits_actor::stateful_pointer<splits_state> self, splits_parts parts) {
  return self->state.make_behavior(std::move(parts));
}

} // namespace orc
