#include "actors/hooks/hooks.hpp"

#include "messages/base/fault_point.hpp"
#include "messages/base/log.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace orc {

namespace {

constexpr logger log{"hooks"};

using namespace std::chrono_literals;

/// A store that failed is asked again after so long.
constexpr std::chrono::milliseconds store_pause = 1s;

constexpr auto prune_interval = 1h;

/// The sender answers in time by itself; this only catches its death.
constexpr auto sender_margin = 1min;

} // namespace

hooks_state::hooks_state(hooks_self::pointer self)
  : self_{self}, wall_start_{now()}, clock_start_{self->clock().now()} {
  // nop
}

hooks_self::behavior_type
hooks_state::make_behavior(std::vector<hook_settings> hooks, hooks_parts parts,
                           std::chrono::milliseconds keep_dead) {
  parts_ = std::move(parts);
  keep_dead_ = keep_dead;
  std::random_device random;
  for (auto& x : hooks) {
    auto queue = delivery_queue{x, random()};
    outlets_.push_back({std::move(x), std::move(queue), 0, 0, {}});
  }
  start();
  return {
    [this](deliveries_added) { grew(); },
    [this](get_hooks) { return view(); },
    [this](const load_deliveries& x) { return list(x); },
    [this](const redrive_deliveries& x) { return redrive(x); },
    [this](const drain_hooks& x) { return begin_drain(x); },
    [this](wake_hooks) {
      // It may be one whose place an earlier one has taken.
      if (timer_ && *timer_ <= time())
        timer_.reset();
      serve();
    },
    [this](prune_hooks) { prune(); },
    [this](drain_over x) { end_drain(x.number); },
  };
}

void hooks_state::start() {
  self_->send(parts_.store,
              watch_deliveries{caf::actor_cast<delivery_sink>(self_)});
  if (keep_dead_.count() > 0)
    self_->send(self_, prune_hooks{});
  serve();
}

void hooks_state::grew() {
  for (auto& x : outlets_)
    x.queue.grew();
  serve();
}

/// Does whatever can be done now; called after all that happens.
void hooks_state::serve() {
  auto at = time();
  for (auto& x : outlets_) {
    if (x.queue.is_hungry())
      load(x);
    while (auto delivery = x.queue.next(at))
      send(x, *delivery);
  }
  check_drains();
  set_timer();
}

// Outlets never move: they are as many as the configuration has.
void hooks_state::load(outlet& x) {
  x.queue.loading();
  load_deliveries request;
  request.hook = x.settings.filter.name;
  request.after = x.queue.last();
  request.limit = delivery_queue::window;
  self_->request(parts_.store, caf::infinite, request)
    .then(
      [this, &x](const delivery_page& page) {
        x.queue.loaded(page);
        serve();
      },
      [this, &x](const caf::error& err) {
        log.error("deliveries-unreadable", "webhook={} error=\"{}\"",
                  x.settings.filter.name, message_of(err));
        x.queue.load_failed();
        self_->delayed_send(self_, store_pause, wake_hooks{});
      });
}

void hooks_state::send(outlet& x, const hook_delivery& delivery) {
  const auto& settings = x.settings;
  self_
    ->request(parts_.sender, settings.timeout + sender_margin,
              send_hook{settings.filter.url, settings.signing_key,
                        settings.allow_private, delivery.event_id,
                        delivery.event, settings.timeout})
    .then([this, &x, delivery](
            const hook_answer& answer) { handle(x, delivery, answer); },
          [this, &x, delivery](const caf::error& err) {
            handle(x, delivery, {0, message_of(err), {}});
          });
}

void hooks_state::handle(outlet& x, const hook_delivery& delivery,
                         const hook_answer& answer) {
  fault_point("hook-answered");
  note(x, delivery, answer);
  auto was_disabled = x.queue.is_disabled();
  auto outcome = x.queue.answered(delivery.id, answer, time());
  if (outcome)
    settle(*outcome);
  else if (x.queue.is_disabled() && !was_disabled)
    disable(x, answer);
  serve();
}

void hooks_state::note(outlet& x, const hook_delivery& delivery,
                       const hook_answer& answer) {
  const auto& hook = x.settings.filter.name;
  if (answer.problem.empty()) {
    ++x.delivered;
    log.debug("delivered", "webhook={} event={} attempts={}", hook,
              delivery.event_id, delivery.attempts + 1);
    return;
  }
  ++x.failed_attempts;
  x.last_problem = answer.problem;
  log.warn("delivery-failed", "webhook={} event={} attempt={} error=\"{}\"",
           hook, delivery.event_id, delivery.attempts + 1, answer.problem);
}

void hooks_state::settle(const settle_delivery& x) {
  if (x.end == delivery_end::dead)
    log.error("delivery-given-up", "delivery={} attempts={}", x.id, x.attempts);
  self_->request(parts_.store, caf::infinite, x)
    .then(
      [](const saved&) {
        // What was delivered is forgotten.
      },
      [](const caf::error& err) {
        // It will be sent once more after a restart: at least once.
        log.error("delivery-unsaved", "error=\"{}\"", message_of(err));
      });
}

void hooks_state::disable(outlet& x, const hook_answer& answer) {
  log.error("webhook-disabled", "webhook={} reason=\"{}\"",
            x.settings.filter.name, answer.problem);
  self_
    ->request(parts_.store, caf::infinite,
              disable_hook{x.settings.filter.name, answer.problem})
    .then(
      [](const saved&) {
        // Its backlog is kept as dead.
      },
      [](const caf::error& err) {
        log.error("webhook-not-disabled", "error=\"{}\"", message_of(err));
      });
}

void hooks_state::set_timer() {
  std::optional<timestamp> next;
  for (const auto& x : outlets_)
    if (auto due = x.queue.due(); due && (!next || *due < *next))
      next = due;
  auto at = time();
  // What is due now waits for an answer, which comes by itself.
  if (!next || *next <= at || (timer_ && *timer_ <= *next))
    return;
  timer_ = next;
  self_->delayed_send(self_, *next - at, wake_hooks{});
}

void hooks_state::prune() {
  self_->delayed_send(self_, prune_interval, prune_hooks{});
  self_
    ->request(parts_.store, caf::infinite,
              prune_deliveries{time() - keep_dead_})
    .then(
      [](const redriven_deliveries& x) {
        if (x.count > 0)
          log.info("deliveries-pruned", "count={}", x.count);
      },
      [](const caf::error& err) {
        log.warn("prune-failed", "error=\"{}\"", message_of(err));
      });
}

timestamp hooks_state::time() const {
  auto passed = self_->clock().now() - clock_start_;
  return wall_start_
         + std::chrono::duration_cast<std::chrono::milliseconds>(passed);
}

hooks_self::behavior_type
hooks(hooks_self::stateful_pointer<hooks_state> self,
      std::vector<hook_settings> hooks, hooks_parts parts,
      std::chrono::milliseconds keep_dead) {
  return self->state.make_behavior(std::move(hooks), std::move(parts),
                                   keep_dead);
}

} // namespace orc
