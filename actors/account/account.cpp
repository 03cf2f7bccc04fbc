#include "actors/account/account.hpp"

#include "actors/account/log.hpp"

#include <algorithm>
#include <limits>
#include <random>
#include <utility>

namespace orc {

namespace {

/// So many RUNs are made at a time that only have to refuse.
constexpr std::size_t max_errands = 64;

constexpr timestamp never{std::numeric_limits<std::int64_t>::max()};

admission_rules rules_of(const account_config& x) {
  return {x.settings.name, x.settings.max_memory,    x.settings.max_runs,
          x.max_overtake,  x.max_starting_of_target, x.max_starting};
}

} // namespace

account_state::account_state(account_shell::pointer self)
  : self_{self}, wall_start_{now()}, clock_start_{self->clock().now()} {
  self_->set_down_handler([this](const caf::down_msg& x) {
    handle_down(x.source);
    serve();
  });
}

account_state::~account_state() {
  for (const auto& [key, owner] : live_)
    caf::anon_send_exit(owner.actor, caf::exit_reason::user_shutdown);
}

account_shell::behavior_type
account_state::make_behavior(account_config config, account_parts parts) {
  config_ = std::move(config);
  parts_ = std::move(parts);
  admission_ = admission{rules_of(config_), std::random_device{}()};
  ask_user();
  ask_platform();
  set_timer();
  return {
    [this](const enqueue_runs& x) { enqueue(x); },
    [this](const resume_runs& x) { resume(x); },
    [this](const abort_run& x) { return abort(x); },
    [this](const run_started& x) { started(x); },
    [this](const run_returned& x) { returned(x); },
    [this](const run_ended& x) { ended(x); },
    [this](const budget_opened& x) { open(x); },
    [this](const explain_wait& x) { return explain(x); },
    [this](get_account) { return view(); },
    [this](const stop_account& x) { return stop(x); },
    [this](const change_caps& x) { return change(x); },
    [this](wake_account) { wake(); },
    [this](const platform_overdue& x) { stop_waiting_for(x.target); },
  };
}

void account_state::enqueue(const enqueue_runs& x) {
  for (const auto& run : x.runs) {
    if (auto i = live_.find(run.key); i != live_.end())
      i->second.again = by_own_clock(run);
    else if (!fallen_.contains(run.key))
      admission_.enqueue(by_own_clock(run));
  }
  serve();
}

void account_state::resume(const resume_runs& x) {
  for (const auto& record : x.runs) {
    if (live_.contains(record.key))
      continue;
    admission_.resume(record);
    spawn(record.key, {}, record);
  }
  // What the platform counted before included them as others'.
  limits_are_stale_ = true;
  serve();
}

void account_state::started(const run_started& x) {
  admission_.started(x, time());
  serve();
}

void account_state::returned(const run_returned& x) {
  if (x.why != ec::none)
    log.info("start-refused", "account={} key={} why={}", config_.settings.name,
             x.run.key, to_string(x.why));
  if (x.why == ec::memory_refused || x.why == ec::slots_refused)
    limits_are_stale_ = true;
  forget(x.run.key);
  auto back = x;
  back.run = by_own_clock(x.run);
  admission_.returned(back, time());
  serve();
}

void account_state::ended(const run_ended& x) {
  auto i = live_.find(x.key);
  auto again = i != live_.end() ? i->second.again : std::nullopt;
  forget(x.key);
  admission_.ended(x.key, time());
  if (again)
    admission_.enqueue(*again);
  serve();
}

void account_state::open(const budget_opened& x) {
  admission_.budget_opened(x.budget, x.openings);
  serve();
}

reloaded account_state::change(const change_caps& x) {
  config_.settings.max_memory = x.max_memory;
  config_.settings.max_runs = x.max_runs;
  admission_.change_caps(x.max_memory, x.max_runs);
  serve();
  return {};
}

wait_reason account_state::explain(const explain_wait& x) {
  if (stopping_)
    return {"the service is stopping"};
  auto run = x.run;
  if (run.not_before && *run.not_before <= now())
    run.not_before.reset();
  return {admission_.explain(run, time())};
}

void account_state::wake() {
  if (timer_ && *timer_ <= time())
    timer_.reset();
  raise_fallen();
  serve();
}

/// Does whatever can be done now; called after all that happens.
void account_state::serve() {
  if (!stopping_) {
    start_and_refuse();
    ask_platform();
  }
  check_stopped();
  set_timer();
}

void account_state::start_and_refuse() {
  auto at = time();
  while (errands_ < max_errands) {
    auto hopeless = admission_.next_hopeless();
    if (!hopeless)
      break;
    log.info("run-hopeless", "account={} key={} {}", config_.settings.name,
             hopeless->key, hopeless->message);
    spawn(hopeless->key, *hopeless, std::nullopt);
  }
  while (auto key = admission_.next(at)) {
    log.debug("run-admitted", "account={} key={}", config_.settings.name, *key);
    spawn(*key, {}, std::nullopt);
  }
}

void account_state::set_timer() {
  auto next = never;
  if (!stopping_ && !asking_limits_)
    next = limits_due();
  if (auto retry = admission_.retry_at(); retry && !stopping_)
    next = std::min(next, *retry);
  for (const auto& [key, x] : fallen_)
    next = std::min(next, x.back_at);
  for (const auto& x : stop_waiters_)
    next = std::min(next, x.until);
  if (next == never || (timer_ && *timer_ <= next))
    return;
  timer_ = next;
  auto wait = std::max(next - time(), std::chrono::milliseconds{1});
  self_->delayed_send(self_, wait, wake_account{});
}

timestamp account_state::time() const {
  auto passed = self_->clock().now() - clock_start_;
  return wall_start_
         + std::chrono::duration_cast<std::chrono::milliseconds>(passed);
}

/// Who tells when a run may start does so by the clock on the wall, which may
/// be set, and goes on while the machine sleeps: how long to wait is what
/// counts.
queued_run account_state::by_own_clock(queued_run x) const {
  if (x.not_before)
    x.not_before = time() + (*x.not_before - now());
  return x;
}

account_shell::behavior_type
account(account_shell::stateful_pointer<account_state> self,
        account_config config, account_parts parts) {
  return self->state.make_behavior(std::move(config), std::move(parts));
}

} // namespace orc
