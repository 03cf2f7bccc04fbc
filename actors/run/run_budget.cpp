// How a RUN asks for money before a start, and what it does when stuck.

#include "actors/run/log.hpp"
#include "actors/run/run.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc {

namespace {

constexpr std::string_view below_minimum = "max-total-charge-usd-below-minimum";

} // namespace

/// Goes on with `then` once there is money for the attempt that begins.
void run_actor_state::reserve(continuation then) {
  if (!parts_.budgets)
    return (this->*then)();
  const auto& record = life_->record();
  auto attempts = static_cast<std::uint32_t>(view().attempts.size());
  auto key = charge_key{key_, record.resurrect ? attempts : attempts + 1};
  self_
    ->request(parts_.budgets, caf::infinite,
              reserve_budget{key, view(), record.target,
                             record.options.max_total_charge_usd,
                             parts_.account})
    .then(
      [=, this](const budget_answer& x) {
        if (on_reserved(key, x))
          (this->*then)();
      },
      [this](const caf::error& err) { self_->quit(err); });
}

/// Without money the run is refused, or waits at its ACCOUNT, as it was.
/// @returns whether it may go on.
bool run_actor_state::on_reserved(const charge_key& key,
                                  const budget_answer& x) {
  if (x.reserved_usd)
    charge_ = key;
  budget_ = x;
  // Its ACCOUNT may have refused it meanwhile, or somebody aborted it.
  if (is_final(view().state)) {
    return_budget();
    return false;
  }
  if (x.short_of.empty())
    return true;
  if (life_->record().abort_requested)
    cancel();
  else if (x.refused)
    on_refused({to_string(ec::budget_reached), x.reason});
  else
    wait_for_budget(x);
  return false;
}

void run_actor_state::wait_for_budget(const budget_answer& x) {
  log.info("run-waits-for-budget", "name={} reason=\"{}\"", view().name,
           x.reason);
  self_->send(parts_.account,
              run_returned{to_queued(life_->record()), ec::budget_reached,
                           x.short_of, x.reason, x.alone, x.openings});
  self_->quit();
}

/// Tells the BUDGETS what became of the attempt they keep money for.
void run_actor_state::return_budget() {
  auto key = std::exchange(charge_, std::nullopt);
  if (!key || !parts_.budgets)
    return;
  for (const auto& attempt : view().attempts)
    if (attempt.number == key->attempt && attempt.run_id)
      return self_->send(parts_.budgets, settle_budget{*key, view()});
  self_->send(parts_.budgets, release_budget{*key});
}

/// A RUN that takes over after a crash has the money the one before reserved.
void run_actor_state::take_over_budget() {
  auto live
    = view().state == run_state::running || view().state == run_state::starting;
  if (!live || !parts_.budgets || !view().attempts.back().reserved_usd)
    return;
  charge_ = charge_key{key_, view().attempts.back().number};
  self_->send(parts_.budgets, attach_budget{*charge_, view(), parts_.account});
}

/// @returns the run's options, with what budgets leave it to spend.
run_options run_actor_state::options() const {
  auto result = life_->record().options;
  if (budget_.cap_usd)
    result.max_total_charge_usd = budget_.cap_usd;
  return result;
}

run_error run_actor_state::explain_refusal(const caf::error& err) const {
  auto result = run_error{type_of(err), message_of(err)};
  if (result.type == below_minimum && !budget_.limited_by.empty())
    result.message += fmt::format(" (budget {} leaves no more than {:.2f} USD; "
                                  "raise it and submit the run again)",
                                  budget_.limited_by, *budget_.cap_usd);
  return result;
}

void run_actor_state::on_stuck(const remote_run_stuck& x) {
  if (!life_ || view().state != run_state::running || x.id != life_->run_id()
      || life_->record().stuck_next || life_->record().abort_requested)
    return;
  auto step = life_->found_stuck();
  facts_.push_back(
    {event_kind::stuck, view(),
     fmt::format("nothing new for {} s: aborted gracefully, then {}",
                 x.for_secs, name_of(step))});
  log.warn("run-stuck", "name={} runId={} secs={} then={}", view().name, x.id,
           x.for_secs, name_of(step));
  persist(&run_actor_state::abort_stuck);
}

void run_actor_state::abort_stuck() {
  abort_gracefully_ = true;
  abort_remote();
}

/// Has the WATCHDOG look after a run that has a policy for it.
void run_actor_state::guard() {
  const auto& record = life_->record();
  if (record.stuck_next) {
    abort_gracefully_ = true;
    return abort_remote();
  }
  if (record.stuck && parts_.watchdog)
    self_->send(parts_.watchdog,
                watch_progress{life_->run_id(), view().dataset_id.value_or(""),
                               record.stuck->after_secs,
                               caf::actor_cast<run_actor>(self_)});
}

void run_actor_state::unguard() {
  if (life_->record().stuck && parts_.watchdog)
    self_->send(parts_.watchdog, unwatch_progress{life_->run_id()});
}

} // namespace orc
