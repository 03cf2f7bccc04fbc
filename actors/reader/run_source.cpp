#include "actors/reader/run_source.hpp"

#include "messages/apify_api/patience.hpp"

#include <utility>

namespace orc {

namespace {

caf::error no_account() {
  return make_error(ec::unknown_account, "there is no account whose datasets "
                                         "could be read: give a token");
}

template <class T>
auto failing(caf::typed_response_promise<T> promise) {
  return
    [promise](caf::error& err) mutable { promise.deliver(std::move(err)); };
}

} // namespace

run_source_state::run_source_state(page_source_actor::pointer self)
  : self_{self} {
  // nop
}

page_source_actor::behavior_type
run_source_state::make_behavior(run_source_parts parts) {
  parts_ = std::move(parts);
  return {
    [this](const find_origin& x) { return find(x.origin); },
    [this](const get_origin_page& x) { return read(x); },
  };
}

caf::result<origin_state> run_source_state::find(const item_origin& x) {
  if (x.run.empty())
    return find_set(x);
  if (parts_.orchestrator)
    return find_run(x);
  return make_error(ec::unknown_run, "only datasets can be read here");
}

caf::result<origin_state> run_source_state::find_run(const item_origin& x) {
  auto promise = self_->make_response_promise<origin_state>();
  self_
    ->request(parts_.orchestrator, apify_api_patience,
              get_run{{x.space, x.run}})
    .then(
      [promise](const run& y) mutable {
        promise.deliver(
          origin_state{y.dataset_id.value_or(""), !is_final(y.state)});
      },
      failing(promise));
  return promise;
}

/// A dataset grows as long as its run; one of no run, for ever.
caf::result<origin_state> run_source_state::find_set(const item_origin& x) {
  // Before there is a promise: once one is made, only it can answer.
  if (!parts_.api || !parts_.storage)
    return no_account();
  auto promise = self_->make_response_promise<origin_state>();
  if (auto i = run_ids_.find(x.dataset_id); i != run_ids_.end()) {
    look_at_run(x.dataset_id, i->second, promise);
    return promise;
  }
  self_->request(parts_.storage, apify_api_patience, find_dataset{x.dataset_id})
    .then(
      [this, promise, id = x.dataset_id](const remote_dataset& y) {
        run_ids_.emplace(id, y.run_id);
        look_at_run(id, y.run_id, promise);
      },
      failing(promise));
  return promise;
}

void run_source_state::look_at_run(
  const std::string& dataset_id, const std::string& run_id,
  caf::typed_response_promise<origin_state> promise) {
  if (run_id.empty()) {
    promise.deliver(origin_state{dataset_id, true});
    return;
  }
  self_->request(parts_.api, apify_api_patience, get_remote_run{run_id})
    .then(
      [promise, dataset_id](const remote_run& x) mutable {
        promise.deliver(origin_state{dataset_id, !is_terminal(x.status)});
      },
      [promise, dataset_id](caf::error& err) mutable {
        // Runs are deleted; their datasets may stay.
        if (code_of(err) == ec::not_found)
          promise.deliver(origin_state{dataset_id, false});
        else
          promise.deliver(std::move(err));
      });
}

caf::result<items_page> run_source_state::read(const get_origin_page& x) {
  if (x.origin.run.empty() && !parts_.api)
    return no_account();
  auto promise = self_->make_response_promise<items_page>();
  auto pass
    = [promise](items_page& y) mutable { promise.deliver(std::move(y)); };
  if (!x.origin.run.empty()) {
    self_
      ->request(parts_.orchestrator, apify_api_patience,
                read_items{{x.origin.space, x.origin.run}, x.page})
      .then(pass, failing(promise));
    return promise;
  }
  self_->request(parts_.api, apify_api_patience, x.page)
    .then(pass, failing(promise));
  return promise;
}

page_source_actor::behavior_type
run_source(page_source_actor::stateful_pointer<run_source_state> self,
           run_source_parts parts) {
  return self->state.make_behavior(std::move(parts));
}

} // namespace orc
