#include "actors/run/run.hpp"

#include "messages/base/fault_point.hpp"
#include "messages/base/log.hpp"

#include <utility>

namespace orc {

namespace {

constexpr logger log{"run"};

using namespace std::chrono_literals;

/// The APIFY API answers in time by itself; this only catches its death.
constexpr auto api_timeout = 5min;

/// How long a run's end waits for its item count.
constexpr auto count_timeout = 10s;

/// Pause before something is repeated that failed.
constexpr auto pause = 1s;

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

run_actor_state::run_actor_state(run_self::pointer self) : self_{self} {
  // nop
}

run_self::behavior_type
run_actor_state::make_behavior(run_key key, run_config config,
                               run_parts parts) {
  key_ = key;
  config_ = std::move(config);
  parts_ = std::move(parts);
  load();
  return {
    [this](const remote_run_seen& x) { on_seen(x.run); },
    [this](const remote_run_gone& x) { on_gone(x.id); },
    [this](const remote_run_found& x) { on_found(x.run); },
    [this](const refuse_run& x) {
      on_refused({to_string(x.why), x.message});
    },
    [this](const abort_run& x) { return on_abort(x); },
    [this](const continue_run& x) { on_continue(x.step); },
  };
}

// -- steps --------------------------------------------------------------------

void run_actor_state::load() {
  self_->request(parts_.store, caf::infinite, load_run{key_})
    .then(
      [this](loaded_run& x) {
        life_.emplace(std::move(x.record));
        input_ = std::move(x.input);
        if (!aborts_.empty())
          life_->abort_requested();
        proceed();
      },
      [this](const caf::error& err) {
        log.error("run-unreadable", "key={} error=\"{}\"", key_,
                  message_of(err));
        for (auto& promise : aborts_)
          promise.deliver(err);
        self_->send(parts_.account, run_ended{key_});
        self_->quit();
      });
}

void run_actor_state::proceed() {
  if (refusal_ && !is_final(view().state))
    return on_refused(*refusal_);
  switch (life_->next()) {
    case run_lifecycle::step::none:
      self_->send(parts_.account, run_ended{key_});
      return announce();
    case run_lifecycle::step::cancel:
      return cancel();
    case run_lifecycle::step::start:
      return start();
    case run_lifecycle::step::resurrect:
      return resurrect();
    case run_lifecycle::step::reconcile:
      return reconcile();
    case run_lifecycle::step::watch:
      return watch();
  }
}

void run_actor_state::start() {
  self_->request(parts_.api, caf::infinite, get_server_time{})
    .then(
      [this](timestamp at) {
        if (life_->record().abort_requested)
          return cancel();
        life_->begin_start({make_marker(at), at});
        persist(&run_actor_state::send_start);
      },
      [this](const caf::error& err) { on_start_failed(err); });
}

void run_actor_state::send_start() {
  fault_point("intent-saved");
  if (life_->record().abort_requested)
    return cancel();
  publish(event_kind::starting);
  const auto& record = life_->record();
  self_
    ->request(parts_.api, api_timeout,
              start_remote_run{record.target, input_, record.options,
                               record.intent->marker})
    .then([this](const remote_run& x) { on_started(x); },
          [this](const caf::error& err) { on_start_failed(err); });
}

void run_actor_state::reconcile() {
  const auto& record = life_->record();
  log.info("run-reconciling", "name={} marker={}", view().name,
           record.intent->marker);
  self_->send(parts_.reconciler,
              find_remote_run{key_, record.target, *record.intent, input_,
                              caf::actor_cast<run_actor>(self_)});
}

void run_actor_state::resurrect() {
  self_->request(parts_.api, api_timeout, get_remote_run{life_->run_id(), 0})
    .then(
      [this](const remote_run& x) {
        // An answer to an earlier try may have been lost: look before asking.
        auto count = view().attempts.back().resurrections;
        if (is_terminal(x.status) && x.resurrect_count <= count)
          return send_resurrect();
        life_->resurrected(x);
        persist(&run_actor_state::watch);
      },
      [this](const caf::error& err) { on_resurrect_failed(err); });
}

void run_actor_state::send_resurrect() {
  if (life_->record().abort_requested)
    return cancel();
  self_
    ->request(parts_.api, api_timeout,
              resurrect_remote_run{life_->run_id(), life_->record().options})
    .then(
      [this](const remote_run& x) {
        life_->resurrected(x);
        log.info("run-resurrected", "name={} runId={}", view().name, x.id);
        publish(event_kind::resurrected);
        persist(&run_actor_state::watch);
      },
      [this](const caf::error& err) { on_resurrect_failed(err); });
}

void run_actor_state::watch() {
  fault_point("started-saved");
  self_->send(parts_.account,
              run_started{key_, view().memory.value_or(mebibytes{})});
  log.info("run-started", "name={} attempt={} runId={}", view().name,
           view().attempts.size(), life_->run_id());
  publish(event_kind::started);
  self_->send(
    parts_.tracker,
    watch_remote_run{life_->run_id(),
                     view().attempts.back().started_at.value_or(timestamp{}),
                     caf::actor_cast<run_actor>(self_)});
  if (life_->record().abort_requested)
    abort_remote();
}

void run_actor_state::hand_in() {
  fault_point("end-saved");
  self_->send(parts_.account, run_ended{key_});
  const auto& record = life_->record();
  if (!config_.count_items || record.view.state != run_state::finished
      || !record.view.dataset_id)
    return announce();
  self_
    ->request(parts_.counter, count_timeout,
              count_dataset{*record.view.dataset_id})
    .then(
      [this](const dataset_count& x) {
        if (!x.items)
          return announce();
        life_->counted(*x.items);
        persist(&run_actor_state::announce);
      },
      [this](const caf::error&) { announce(); });
}

void run_actor_state::announce() {
  const auto& run = view();
  log.info("run-ended", "name={} state={} status={} items={} usd={}", run.name,
           name_of(run.state), run.status ? name_of(*run.status) : "-",
           run.item_count.value_or(0), run.usage_total_usd.value_or(0));
  publish(event_kind::ended);
  self_->send(parts_.orchestrator, run_finished{key_, run});
  answer_aborts();
  self_->quit();
}

// -- what happens to it -------------------------------------------------------

void run_actor_state::on_started(const remote_run& remote) {
  fault_point("start-answered");
  answered_ = life_->record().intent;
  life_->started(remote);
  persist(&run_actor_state::watch);
}

void run_actor_state::on_start_failed(const caf::error& err) {
  auto code = code_of(err);
  if (is_ambiguous(code)) {
    log.warn("start-ambiguous", "name={} error=\"{}\"", view().name,
             message_of(err));
    return reconcile();
  }
  if (!may_wait(code))
    return on_refused({type_of(err), message_of(err)});
  log.info("start-refused", "name={} error=\"{}\"", view().name,
           message_of(err));
  life_->withdraw_start();
  give_back(code);
}

void run_actor_state::on_resurrect_failed(const caf::error& err) {
  auto code = code_of(err);
  log.warn("resurrect-failed", "name={} runId={} error=\"{}\"", view().name,
           life_->run_id(), message_of(err));
  if (may_wait(code))
    return give_back(code);
  if (is_ambiguous(code))
    return self_->delayed_send(self_, pause,
                               continue_run{delayed_step::resurrect});
  // The platform cannot let it go on: what is left is a new start.
  life_->give_up_resurrection();
  start();
}

void run_actor_state::on_seen(const remote_run& remote) {
  if (!life_ || view().state != run_state::running
      || remote.id != life_->run_id() || !is_terminal(remote.status))
    return;
  fault_point("end-seen");
  if (life_->ended(remote, now(), config_.retries))
    return persist(&run_actor_state::hand_in);
  log.info("run-retried", "name={} status={} attempt={}", view().name,
           name_of(remote.status), view().attempts.size());
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

void run_actor_state::on_refused(const run_error& why) {
  if (!life_) {
    refusal_ = why;
    return;
  }
  if (is_final(view().state))
    return;
  log.warn("run-refused", "name={} type={} error=\"{}\"", view().name, why.type,
           why.message);
  life_->refused(why, now());
  persist(&run_actor_state::hand_in);
}

void run_actor_state::on_continue(delayed_step step) {
  switch (step) {
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

// -- tools --------------------------------------------------------------------

void run_actor_state::persist(continuation then) {
  life_->saving();
  self_->request(parts_.store, caf::infinite, save_run{life_->record(), {}})
    .then([this, then](const saved&) { (this->*then)(); },
          [this, then](const caf::error& err) { on_save_failed(err, then); });
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
  log.error("save-failed", "name={} error=\"{}\"", view().name,
            message_of(err));
  unsaved_.push_back(then);
  if (unsaved_.size() == 1)
    self_->delayed_send(self_, pause, continue_run{delayed_step::persist});
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
  publish(event_kind::queued);
  self_->send(parts_.account, run_returned{to_queued(record), returned_for_});
  self_->quit();
}

void run_actor_state::abort_remote() {
  answer_aborts();
  if (view().state != run_state::running)
    return;
  self_
    ->request(parts_.api, api_timeout,
              abort_remote_run{life_->run_id(), abort_gracefully_})
    .then([this](const remote_run& x) { on_seen(x); },
          [this](const caf::error& err) {
            log.warn("abort-failed", "name={} error=\"{}\"", view().name,
                     message_of(err));
            self_->delayed_send(self_, pause,
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

run_self::behavior_type
run_life(run_self::stateful_pointer<run_actor_state> self, run_key key,
         run_config config, run_parts parts) {
  return self->state.make_behavior(key, std::move(config), std::move(parts));
}

} // namespace orc
