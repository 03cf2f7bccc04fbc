#include "actors/platform/platform.hpp"

#include "actors/platform/status_text.hpp"
#include "messages/base/log.hpp"

#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

constexpr logger log{"platform"};

/// The platform kills a run 30 s after it says that it is aborting.
constexpr auto abort_time = 18s;

/// The platform's own SDKs need no longer for all they do at the end.
constexpr auto stop_time = 2s;

constexpr auto flush_time = 4s;

constexpr auto status_time = 10s;

/// A start that is answered needs not be looked for after the migration.
constexpr auto start_pause = 100ms;
constexpr std::uint32_t start_tries = 15;

} // namespace

platform_state::platform_state(platform_self::pointer self) : self_{self} {
  // nop
}

platform_self::behavior_type
platform_state::make_behavior(platform_config config, platform_parts parts) {
  config_ = std::move(config);
  parts_ = std::move(parts);
  self_->send(self_, renew_status{});
  self_->delayed_send(self_, config_.persist_interval, look_at_store{});
  return {
    [this](const platform_event& x) { on_event(x); },
    [this](termination_asked) { leave(departure::migration); },
    [this](await_departure) { return await(); },
    [this](const say_farewell& x) { return say_last(x.text); },
    [this](renew_status) { renew(); },
    [this](look_at_store) {
      look();
      self_->delayed_send(self_, config_.persist_interval, look_at_store{});
    },
    [this](const look_at_starts& x) { look_for_starts(x); },
  };
}

void platform_state::on_event(const platform_event& x) {
  switch (x.kind) {
    case platform_event_kind::migrating:
      return leave(departure::migration);
    case platform_event_kind::aborting:
      return leave(departure::abortion);
    case platform_event_kind::persist_state:
      return look();
    case platform_event_kind::other:
      break;
  }
}

caf::result<departure_due> platform_state::await() {
  if (due_)
    return *due_;
  waiting_.push_back(self_->make_response_promise<departure_due>());
  return waiting_.back();
}

// -- leaving ------------------------------------------------------------------

void platform_state::leave(departure why) {
  if (!leaving_.begin(why))
    return;
  auto number = leaving_.number();
  auto is_abortion = why == departure::abortion;
  log.info("leaving", "why={} abortRuns={}", name_of(why),
           is_abortion && config_.abort_runs);
  self_
    ->request(parts_.orchestrator, is_abortion ? abort_time : stop_time,
              stop_service{is_abortion && config_.abort_runs})
    .then([this,
           number](const account_stopped& x) { on_stopped(number, x.aborted); },
          [this, number](const caf::error& err) {
            log.error("stop-failed", "error=\"{}\"", message_of(err));
            on_stopped(number, 0);
          });
}

void platform_state::on_stopped(std::uint64_t number, std::uint64_t aborted) {
  if (!counts(number))
    return;
  aborted_ = aborted;
  if (leaving_.why() == departure::migration)
    look_for_starts({number, start_tries});
  else
    flush(number);
}

void platform_state::look_for_starts(const look_at_starts& x) {
  if (!counts(x.departure))
    return;
  auto go_on = [this, number = x.departure] { flush(number); };
  self_->request(parts_.store, flush_time, load_totals{})
    .then(
      [this, x, go_on](const run_totals& totals) {
        auto starting = std::string{name_of(run_state::starting)};
        if (x.tries == 0 || !totals.states.contains(starting))
          go_on();
        else
          self_->delayed_send(self_, start_pause,
                              look_at_starts{x.departure, x.tries - 1});
      },
      [go_on](const caf::error&) { go_on(); });
}

/// Whatever is asked of the store is answered once all before it is durable.
void platform_state::flush(std::uint64_t number) {
  if (!counts(number))
    return;
  self_->request(parts_.store, flush_time, load_totals{})
    .then(
      [this, number](const run_totals&) {
        if (counts(number))
          on_flushed();
      },
      [this, number](const caf::error& err) {
        log.error("flush-failed", "error=\"{}\"", message_of(err));
        if (counts(number))
          on_flushed();
      });
}

void platform_state::on_flushed() {
  due_ = departure_due{*leaving_.why(), aborted_};
  if (due_->why == departure::migration)
    self_
      ->request(parts_.storage, status_time, reboot_remote_run{config_.run_id})
      .then([](storage_changed) { log.info("reboot-asked", ""); },
            [](const caf::error& err) {
              log.warn("reboot-failed", "error=\"{}\"", message_of(err));
            });
  for (auto& x : std::exchange(waiting_, {}))
    x.deliver(*due_);
}

// -- status -------------------------------------------------------------------

void platform_state::renew() {
  if (leaving_.why())
    return;
  auto again = [this] {
    self_->delayed_send(self_, config_.status_interval, renew_status{});
  };
  self_->request(parts_.store, caf::infinite, load_totals{})
    .then(
      [this, again](const run_totals& x) {
        say(status_text(x));
        again();
      },
      [again](const caf::error&) { again(); });
}

void platform_state::say(const std::string& text) {
  // It would come after the last one.
  if (text == said_ || leaving_.why())
    return;
  said_ = text;
  self_
    ->request(parts_.storage, status_time,
              set_status_message{config_.run_id, text, false})
    .then([](storage_changed) {},
          [](const caf::error& err) {
            log.warn("status-unsaid", "error=\"{}\"", message_of(err));
          });
}

caf::result<farewell_said> platform_state::say_last(const std::string& text) {
  auto promise = self_->make_response_promise<farewell_said>();
  said_ = text;
  leaving_.begin(departure::abortion);
  self_
    ->request(parts_.storage, status_time,
              set_status_message{config_.run_id, text, true})
    .then(
      [promise](storage_changed) mutable { promise.deliver(farewell_said{}); },
      [promise](const caf::error& err) mutable {
        log.warn("status-unsaid", "error=\"{}\"", message_of(err));
        promise.deliver(farewell_said{});
      });
  return promise;
}

void platform_state::look() {
  self_->request(parts_.store, caf::infinite, check_store{})
    .then([](const store_health&) {},
          [](const caf::error& err) {
            log.error("store-unwell", "error=\"{}\"", message_of(err));
          });
}

platform_self::behavior_type
platform(platform_self::stateful_pointer<platform_state> self,
         platform_config config, platform_parts parts) {
  return self->state.make_behavior(std::move(config), std::move(parts));
}

} // namespace orc
