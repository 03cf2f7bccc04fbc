// How a RUN makes durable, gives back and aborts.

#include "actors/run/log.hpp"
#include "actors/run/run.hpp"
#include "actors/run/run_timing.hpp"
#include "messages/apify_api/patience.hpp"
#include "messages/base/fault_point.hpp"

#include <caf/sec.hpp>

#include <utility>

namespace orc {

void run_actor_state::persist(continuation then) {
  life_->saving();
  auto facts = std::exchange(facts_, {});
  self_
    ->request(parts_.store, caf::infinite, save_run{life_->record(), {}, facts})
    .then(
      [this, then, facts](const saved&) {
        tell(facts);
        (this->*then)();
      },
      [this, then, facts](const caf::error& err) {
        facts_.insert(facts_.begin(), facts.begin(), facts.end());
        on_save_failed(err, then);
      });
}

/// Those that follow along; the bus is owed them by the store.
void run_actor_state::tell(const std::vector<publish_event>& facts) {
  if (!facts.empty())
    fault_point("facts-saved");
  for (const auto& x : facts)
    self_->send(parts_.events, x);
}

void run_actor_state::on_save_failed(const caf::error& err, continuation then) {
  if (code_of(err) == ec::already_bound && answered_) {
    log.warn("run-bound-elsewhere", "name={} runId={}", view().name,
             life_->run_id());
    life_->not_ours(*answered_);
    return reconcile();
  }
  if (code_of(err) == ec::stale_save) {
    // Somebody else leads this run by now: an ACCOUNT that took us for dead, or
    // a rejoin. What we know, they know.
    log.warn("run-superseded", "name={}", view().name);
    answer_aborts();
    return self_->quit();
  }
  if (err == caf::sec::request_receiver_down) {
    // The store is no more, so the end is near. What it holds is taken up again
    // from there.
    answer_aborts();
    return self_->quit();
  }
  log.error("save-failed", "name={} error=\"{}\"", view().name,
            message_of(err));
  unsaved_.push_back(then);
  if (unsaved_.size() == 1)
    self_->delayed_send(self_, run_pause, continue_run{delayed_step::persist});
}

void run_actor_state::persist_again() {
  for (auto then : std::exchange(unsaved_, {}))
    persist(then);
}

void run_actor_state::cancel() {
  life_->cancelled(now());
  persist(&run_actor_state::hand_in);
}

void run_actor_state::give_back(ec why) {
  if (life_->record().abort_requested)
    return cancel();
  returned_for_ = why;
  persist(&run_actor_state::give_back_now);
}

void run_actor_state::give_back_now() {
  const auto& record = life_->record();
  if (record.abort_requested)
    return cancel();
  return_budget();
  unguard();
  publish(event_kind::queued);
  self_->send(parts_.account, run_returned{to_queued(record), returned_for_});
  self_->quit();
}

void run_actor_state::abort_remote() {
  answer_aborts();
  if (view().state != run_state::running)
    return;
  self_
    ->request(parts_.api, apify_api_patience,
              abort_remote_run{life_->run_id(), abort_gracefully_})
    .then([this](const remote_run& x) { on_seen(x); },
          [this](const caf::error& err) {
            log.warn("abort-failed", "name={} error=\"{}\"", view().name,
                     message_of(err));
            self_->delayed_send(self_, run_pause,
                                continue_run{delayed_step::abort});
          });
}

void run_actor_state::publish(event_kind kind) {
  self_->send(parts_.events, publish_event{kind, view()});
}

void run_actor_state::answer_aborts() {
  for (auto& promise : std::exchange(aborts_, {}))
    promise.deliver(view());
}

void run_actor_state::do_nothing() {
  // The step under way looks at `abort_requested` when it is done.
}

std::string run_actor_state::make_marker(timestamp at) const {
  return fmt::format("{}.{}.{}.{}", config_.instance, key_.value,
                     view().attempts.size() + 1, at.millis);
}

const run& run_actor_state::view() const {
  return life_->record().view;
}

} // namespace orc
