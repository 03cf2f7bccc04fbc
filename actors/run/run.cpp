#include "actors/run/run.hpp"

#include "actors/run/log.hpp"
#include "actors/run/run_timing.hpp"
#include "messages/apify_api/patience.hpp"
#include "messages/base/fault_point.hpp"

#include <utility>

namespace orc {

namespace {

/// How long a run's end waits for its item count.
constexpr std::chrono::seconds count_timeout{10};

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
    [this](const remote_run_stuck& x) { on_stuck(x); },
    [this](const refuse_run& x) { on_hopeless(x); },
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
        take_over_budget();
        proceed();
      },
      [this](const caf::error& err) {
        log.error("run-unreadable", "key={} error=\"{}\"", key_,
                  message_of(err));
        // What the disk does not give now, it may give later.
        if (code_of(err) == ec::store_failed)
          return self_->delayed_send(self_, run_pause,
                                     continue_run{delayed_step::load});
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
    case run_lifecycle::step::take_up:
      return reserve(&run_actor_state::take_up_start);
    case run_lifecycle::step::watch:
      return watch();
  }
}

void run_actor_state::start() {
  reserve(&run_actor_state::prepare_start);
}

void run_actor_state::prepare_start() {
  self_->request(parts_.api, caf::infinite, get_server_time{})
    .then(
      [this](timestamp at) {
        // Its ACCOUNT may have refused it meanwhile.
        if (is_final(view().state))
          return;
        if (life_->record().abort_requested)
          return cancel();
        life_->begin_start({make_marker(at), at});
        life_->reserved(budget_.reserved_usd);
        persist(&run_actor_state::send_start);
      },
      [this](const caf::error& err) { on_not_begun(err); });
}

void run_actor_state::send_start() {
  fault_point("intent-saved");
  if (life_->record().abort_requested)
    return cancel();
  publish(event_kind::starting);
  const auto& record = life_->record();
  self_
    ->request(parts_.api, apify_api_patience,
              start_remote_run{record.target, input_, options(),
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

void run_actor_state::take_up_start() {
  life_->take_up_start();
  life_->reserved(budget_.reserved_usd);
  persist(&run_actor_state::reconcile);
}

void run_actor_state::resurrect() {
  self_
    ->request(parts_.api, apify_api_patience,
              get_remote_run{life_->run_id(), 0})
    .then(
      [this](const remote_run& x) {
        // An answer to an earlier try may have been lost: look before asking.
        auto count = view().attempts.back().resurrections;
        if (is_terminal(x.status) && x.resurrect_count <= count)
          return on_still_ended();
        life_->resurrected(x);
        take_over_budget();
        persist(&run_actor_state::watch);
      },
      [this](const caf::error& err) { on_look_failed(err); });
}

/// What is reserved is durable before anything is spent.
void run_actor_state::ask_resurrect() {
  life_->reserved(budget_.reserved_usd);
  persist(&run_actor_state::send_resurrect);
}

void run_actor_state::send_resurrect() {
  if (life_->record().abort_requested)
    return cancel();
  self_
    ->request(parts_.api, apify_api_patience,
              resurrect_remote_run{life_->run_id(), options()})
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
    return abort_remote();
  guard();
}

void run_actor_state::hand_in() {
  fault_point("end-saved");
  return_budget();
  unguard();
  self_->send(parts_.account, run_ended{key_});
  const auto& record = life_->record();
  if (record.unsettled && parts_.settler)
    self_->send(parts_.settler, settle_later{});
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

run_self::behavior_type
run_life(run_self::stateful_pointer<run_actor_state> self, run_key key,
         run_config config, run_parts parts) {
  return self->state.make_behavior(key, std::move(config), std::move(parts));
}

} // namespace orc
