#include "actors/pool/pool.hpp"

#include "messages/base/error.hpp"
#include "messages/base/log.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orc {

namespace {

constexpr logger log{"pool"};

using namespace std::chrono_literals;

/// Another service may be slow, or away; ours is not.
constexpr std::chrono::seconds patience{30};

/// How long it waits for a task in one go, and what an answer may take besides.
constexpr std::chrono::minutes longest_wait{10};
constexpr std::chrono::milliseconds longest_pause{30'000};

/// A start waits for the program to be there, and for the disk.
constexpr std::chrono::minutes start_patience{1};

/// The kit's exit code where some attempts failed: that is no failure of it. Of
/// other programs it is the code of their failures.
constexpr int some_failed = 1;

std::string why(const worker_exited& x) {
  return fmt::format("worker {} {}",
                     x.by_signal ? "killed by signal" : "ended with exit code",
                     x.code);
}

} // namespace

pool_state::pool_state(pool_self::pointer self) : self_{self} {
  // nop
}

pool_self::behavior_type
pool_state::make_behavior(pool_settings settings, pool_parts parts) {
  plan_.emplace(std::move(settings), parts.exits);
  parts_ = std::move(parts);
  start_up();
  return {
    [this](get_pool) { return view(); },
    [this](await_pool) { return add_waiter(); },
    [this](stop_pool) { return stop(); },
    [this](const worker_exited& x) { exited(x); },
    [this](const pool_tick& x) {
      if (x.turn == turn_ && phase_ == phase::working)
        tick();
    },
  };
}

// -- ticks --------------------------------------------------------------------

void pool_state::start_up() {
  run("startup", plan_->settings().hooks.startup, [this] {
    if (phase_ != phase::starting)
      return end_if_alone();
    phase_ = phase::working;
    set_rules();
    tick();
  });
}

void pool_state::set_rules() {
  for (const auto& x : plan_->settings().types)
    if (x.serial)
      self_->request(parts_.queue, patience, set_channel_rules{x.channel, true})
        .then([](const channel_loads&) {},
              [](const caf::error& err) {
                log.warn("rules-not-set", "error=\"{}\"", message_of(err));
              });
}

void pool_state::tick() {
  ++turn_;
  in_tick_ = true;
  last_tick_ = now();
  self_->request(parts_.queue, patience, question())
    .then([this](const channel_loads& x) { decide(x); },
          [this](const caf::error& err) { queue_failed(err); });
}

/// The tasks may be another service's, which comes back.
void pool_state::queue_failed(const caf::error& err) {
  in_tick_ = false;
  if (phase_ != phase::working)
    return end_if_alone();
  if (troubles_++ == 0)
    log.warn("no-tasks", "error=\"{}\"", message_of(err));
  std::chrono::milliseconds pause
    = plan_->settings().interval * (1L << std::min(troubles_, std::size_t{10}));
  tick_in(std::clamp(pause, std::chrono::milliseconds{100}, longest_pause));
}

void pool_state::decide(const channel_loads& loads) {
  // A service that was away has forgotten the rules.
  if (std::exchange(troubles_, 0) > 0)
    set_rules();
  if (phase_ != phase::working
      || loads.channels.size() != plan_->types().size()) {
    in_tick_ = false;
    return end_if_alone();
  }
  ++ticks_;
  auto step = plan_->tick(loads.channels, now());
  if (!step.line.empty() && step.line != last_line_)
    say(step.line);
  last_line_ = step.line;
  if (step.became_idle)
    say("idle");
  was_complete_ = step.complete;
  for (const auto& x : step.stop)
    stop_worker_of(x, false);
  for (const auto& x : step.retire)
    stop_worker_of(x, true);
  // Held until all is begun, so that the tick does not end in between.
  ++busy_;
  start_workers(step);
  work_done();
}

void pool_state::start_workers(const pool_plan::step& step) {
  const auto& hooks = plan_->settings().hooks;
  auto none = plan_->idle_ticks() > 0;
  const auto& command = none ? hooks.idle : hooks.tick;
  if (!command.empty() && (!none || step.became_idle)) {
    ++busy_;
    run(none ? "idle" : "tick", command, [this] { work_done(); });
  }
  for (auto type : step.start)
    start_one(type);
}

void pool_state::start_one(std::size_t type) {
  const auto& is = plan_->settings().types[type];
  ++busy_;
  start_worker x{is.name,
                 is.filter,
                 is.command,
                 is.variables,
                 is.limits,
                 is.grace,
                 caf::actor_cast<worker_sink>(self_)};
  self_->request(parts_.host, start_patience, std::move(x))
    .then(
      [this, type](const worker_started& y) {
        ++started_;
        plan_->started(type, y.worker, y.since);
        pids_.emplace_back(y.worker, y.pid);
        log.info("worker-started", "worker={} pid={}", y.worker, y.pid);
        if (phase_ != phase::working)
          stop_worker_of(y.worker, false);
        for (const auto& end : std::exchange(early_ends_, {}))
          exited(end);
        work_done();
      },
      [this, type](const caf::error& err) {
        log.warn("worker-not-started", "type={} error=\"{}\"",
                 plan_->settings().types[type].name, message_of(err));
        plan_->not_started(type, message_of(err), now());
        work_done();
      });
}

void pool_state::work_done() {
  if (--busy_ > 0)
    return;
  in_tick_ = false;
  after_tick();
}

void pool_state::after_tick() {
  if (phase_ != phase::working)
    return end_if_alone();
  if (was_complete_)
    return finish(true);
  if (plan_->needs_ticks())
    return tick_in(plan_->settings().interval);
  wait_for_tasks();
}

void pool_state::tick_in(std::chrono::milliseconds delay) {
  self_->delayed_send(self_, delay, pool_tick{++turn_});
}

void pool_state::wait_for_tasks() {
  auto x = question();
  x.wait = longest_wait;
  self_->request(parts_.queue, longest_wait + patience, std::move(x))
    .then(
      [this, turn = ++turn_](const channel_loads&) {
        if (turn != turn_ || phase_ != phase::working)
          return;
        auto since = now() - last_tick_;
        auto interval = plan_->settings().interval;
        tick_in(std::clamp(interval - since, 0ms, interval));
      },
      [this, turn = turn_](const caf::error& err) {
        if (turn == turn_)
          queue_failed(err);
      });
}

// -- workers ------------------------------------------------------------------

bool pool_state::ended_well(const worker_exited& x) const {
  if (x.was_stopped || x.by_signal)
    return x.was_stopped;
  return x.code == 0 || (x.code == some_failed && is_of_kit(x.worker));
}

bool pool_state::is_of_kit(const std::string& worker) const {
  for (std::size_t i = 0; i < plan_->types().size(); ++i)
    for (const auto& known : plan_->types()[i].workers)
      if (known.id == worker)
        return plan_->settings().types[i].protocol == worker_protocol::task;
  return false;
}

void pool_state::exited(const worker_exited& x) {
  auto ok = ended_well(x);
  std::erase_if(pids_, [&](const auto& y) { return y.first == x.worker; });
  if (!plan_->ended(x.worker, !ok, why(x), now())) {
    early_ends_.push_back(x);
    return;
  }
  if (ok)
    log.info("worker-ended", "worker={} code={}", x.worker, x.code);
  else
    log.warn("worker-died", "worker={} problem=\"{}\"", x.worker, why(x));
  give_back(x, !ok);
  if (phase_ != phase::working)
    return end_if_alone();
  if (!in_tick_)
    tick_in(std::clamp(plan_->settings().interval - (now() - last_tick_), 0ms,
                       plan_->settings().interval));
}

void pool_state::give_back(const worker_exited& x, bool failed) {
  lose_worker request{x.worker};
  if (failed)
    request.error = json_text{json_quote(why(x))};
  self_->request(parts_.queue, patience, std::move(request))
    .then(
      [worker = x.worker](const lost_tasks& y) {
        if (y.count > 0)
          log.info("tasks-given-back", "worker={} tasks={}", worker, y.count);
      },
      [](const caf::error& err) {
        // Their lease ends.
        log.warn("tasks-not-given-back", "error=\"{}\"", message_of(err));
      });
}

void pool_state::stop_worker_of(const std::string& id, bool after_its_task) {
  self_->request(parts_.host, patience, stop_worker{id, after_its_task})
    .then([](const worker_signalled&) {},
          [id](const caf::error& err) {
            log.warn("worker-not-stopped", "worker={} error=\"{}\"", id,
                     message_of(err));
          });
}

pool_self::behavior_type pool(pool_self::stateful_pointer<pool_state> self,
                              pool_settings settings, pool_parts parts) {
  return self->state.make_behavior(std::move(settings), std::move(parts));
}

} // namespace orc
