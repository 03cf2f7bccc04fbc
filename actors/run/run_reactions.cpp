// How a RUN reacts to what happens to it.

#include "actors/run/log.hpp"
#include "actors/run/run.hpp"
#include "actors/run/run_timing.hpp"
#include "messages/base/fault_point.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc {

namespace {

/// @returns whether a start that failed so surely did nothing, and may be
///          repeated when there is room.
bool may_wait(ec code) {
  return code == ec::memory_refused || code == ec::slots_refused
         || code == ec::rate_limited || code == ec::not_sent;
}

/// @returns whether a request that failed so may have been carried out.
bool is_ambiguous(ec code) {
  return code == ec::answer_lost || code == ec::bad_answer
         || code == ec::timed_out || code == ec::none;
}

} // namespace

void run_actor_state::on_started(const remote_run& remote) {
  fault_point("start-answered");
  answered_ = life_->record().intent;
  life_->started(remote);
  persist(&run_actor_state::watch);
}

/// There is no intent yet, so nothing was sent: an error that would leave that
/// open after a start, such as the end of the APIFY API, leaves nothing open.
void run_actor_state::on_not_begun(const caf::error& err) {
  // Its ACCOUNT may have refused it meanwhile.
  if (is_final(view().state))
    return;
  auto code = code_of(err);
  if (!may_wait(code) && !is_ambiguous(code))
    return on_refused(explain_refusal(err));
  log.info("start-not-begun", "name={} error=\"{}\"", view().name,
           message_of(err));
  give_back(may_wait(code) ? code : ec::not_sent);
}

void run_actor_state::on_start_failed(const caf::error& err) {
  auto code = code_of(err);
  if (is_ambiguous(code)) {
    log.warn("start-ambiguous", "name={} error=\"{}\"", view().name,
             message_of(err));
    return reconcile();
  }
  life_->withdraw_start();
  if (!may_wait(code))
    return on_refused(explain_refusal(err));
  log.info("start-refused", "name={} error=\"{}\"", view().name,
           message_of(err));
  give_back(code);
}

void run_actor_state::on_resurrect_failed(const caf::error& err) {
  auto code = code_of(err);
  log.warn("resurrect-failed", "name={} runId={} error=\"{}\"", view().name,
           life_->run_id(), message_of(err));
  if (may_wait(code))
    return give_back(code);
  if (code == ec::not_found)
    return start_instead();
  // The platform also refuses what goes on already, by a resurrection whose
  // answer was lost, here or before a crash.
  unseen_
    = {self_->clock().now() + config_.reconcile_window, !is_ambiguous(code)};
  look_again();
}

/// Replicas lag: a resurrection that may have been done is looked for as long
/// as a start would be.
void run_actor_state::on_still_ended() {
  if (!unseen_)
    return reserve(&run_actor_state::ask_resurrect);
  if (self_->clock().now() < unseen_->until)
    return look_again();
  if (std::exchange(unseen_, std::nullopt)->refused)
    start_instead();
  else
    reserve(&run_actor_state::ask_resurrect);
}

void run_actor_state::on_look_failed(const caf::error& err) {
  auto code = code_of(err);
  log.warn("resurrect-failed", "name={} runId={} error=\"{}\"", view().name,
           life_->run_id(), message_of(err));
  if (code == ec::not_found)
    return start_instead();
  // Nobody knows whether it goes on, so nothing else may be started.
  if (unseen_ || is_ambiguous(code))
    return look_again();
  if (may_wait(code))
    return give_back(code);
  start_instead();
}

void run_actor_state::look_again() {
  self_->delayed_send(self_, run_pause, continue_run{delayed_step::resurrect});
}

/// The platform cannot let it go on: what is left is a new start.
void run_actor_state::start_instead() {
  return_budget();
  life_->give_up_resurrection();
  start();
}

void run_actor_state::on_seen(const remote_run& remote) {
  if (!life_ || view().state != run_state::running
      || remote.id != life_->run_id())
    return;
  if (!is_terminal(remote.status)) {
    if (life_->noticed(remote))
      persist(&run_actor_state::do_nothing);
    return;
  }
  fault_point("end-seen");
  if (life_->ended(remote, now(), config_.retries))
    return persist(&run_actor_state::hand_in);
  log.info("run-retried", "name={} status={} attempt={} memory={}", view().name,
           name_of(remote.status), view().attempts.size(),
           view().memory.value_or(mebibytes{}));
  if (auto had = view().attempts.back().memory; had && view().memory > had)
    facts_.push_back(
      {event_kind::memory_raised, view(),
       fmt::format("out of memory: its next attempt gets {}", *view().memory)});
  give_back(ec::none);
}

void run_actor_state::on_gone(const std::string& id) {
  if (!life_ || view().state != run_state::running || id != life_->run_id())
    return;
  log.error("run-lost", "name={} runId={}", view().name, id);
  life_->lost(now());
  persist(&run_actor_state::hand_in);
}

void run_actor_state::on_found(const std::optional<remote_run>& remote) {
  if (!life_ || view().state != run_state::starting)
    return;
  if (remote) {
    log.info("run-adopted", "name={} runId={}", view().name, remote->id);
    return on_started(*remote);
  }
  log.info("start-did-nothing", "name={}", view().name);
  if (life_->record().abort_requested)
    return cancel();
  life_->withdraw_start();
  start();
}

/// From the ACCOUNT or the RECONCILER. A start that is under way though its
/// ACCOUNT sees no room decides by itself: the platform will refuse it.
void run_actor_state::on_hopeless(const refuse_run& x) {
  auto why = run_error{to_string(x.why), x.message};
  auto started = life_ && view().state != run_state::queued;
  if (!life_)
    refusal_ = why;
  else if (!started || x.why != ec::memory_exceeds_account)
    on_refused(why);
}

void run_actor_state::on_refused(const run_error& why) {
  if (is_final(view().state))
    return;
  log.warn("run-refused", "name={} type={} error=\"{}\"", view().name, why.type,
           why.message);
  life_->refused(why, now());
  persist(&run_actor_state::hand_in);
}

void run_actor_state::on_continue(delayed_step step) {
  switch (step) {
    case delayed_step::load:
      return load();
    case delayed_step::persist:
      return persist_again();
    case delayed_step::abort:
      return abort_remote();
    case delayed_step::resurrect:
      return resurrect();
  }
}

caf::result<run> run_actor_state::on_abort(const abort_run& request) {
  if (life_ && is_final(view().state))
    return view();
  abort_gracefully_ = request.gracefully;
  aborts_.push_back(self_->make_response_promise<run>());
  auto promise = aborts_.back();
  if (!life_)
    return promise;
  life_->abort_requested();
  auto runs = view().state == run_state::running;
  persist(runs ? &run_actor_state::abort_remote : &run_actor_state::do_nothing);
  return promise;
}

} // namespace orc
