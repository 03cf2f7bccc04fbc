#include "actors/tracker/tracker.hpp"

#include "messages/apify_api/patience.hpp"
#include "messages/base/log.hpp"

#include <algorithm>
#include <utility>

namespace orc {

namespace {

constexpr logger log{"tracker"};

using namespace std::chrono_literals;

/// The longest the platform waits for a run to end.
constexpr std::uint32_t longest_wait = 60;

/// The longest pause after answers that came too early.
constexpr auto longest_pause = 1000ms;

/// What fails in a row will fail again, as with a token that is revoked.
/// @pre `failures > 0`
std::chrono::milliseconds pause_after(std::uint32_t failures) {
  return std::min<std::chrono::milliseconds>(
    1s * (1 << std::min(failures - 1, 5U)), 30s);
}

} // namespace

tracker_state::tracker_state(tracker_self::pointer self) : self_{self} {
  // nop
}

tracker_self::behavior_type
tracker_state::make_behavior(apify_api_actor api, tracking_policy policy) {
  api_ = std::move(api);
  policy_ = policy;
  return {
    [this](const watch_remote_run& x) { watch(x); },
    [this](const unwatch_remote_run& x) { unwatch(x.id); },
    [this](sweep_now) { sweep(); },
    [this](const ask_about_run& x) {
      if (auto* run = runs_.find(x.id)) {
        run->asked = false;
        poll(x.id, polls() ? longest_wait : 0);
      }
    },
  };
}

void tracker_state::watch(const watch_remote_run& x) {
  runs_.add(x.id, x.started_at);
  watchers_[x.id] = x.watcher;
  if (polls())
    poll(x.id, longest_wait);
  else
    plan_sweep();
}

void tracker_state::unwatch(const std::string& id) {
  auto swept = !polls();
  runs_.remove(id);
  watchers_.erase(id);
  // The few that are left need not wait for the next sweep.
  if (swept && polls())
    follow();
}

// -- long polls ---------------------------------------------------------------

bool tracker_state::polls() const {
  return runs_.size() <= policy_.poll_limit;
}

void tracker_state::follow() {
  if (!polls())
    return plan_sweep();
  for (const auto& id : runs_.unasked())
    poll(id, longest_wait);
}

void tracker_state::poll(const std::string& id, std::uint32_t wait_secs) {
  auto* run = runs_.find(id);
  if (!run || run->asked)
    return;
  run->asked = true;
  auto asked_at = self_->clock().now();
  self_->request(api_, apify_api_patience, get_remote_run{id, wait_secs})
    .then(
      [this, asked_at](const remote_run& x) {
        on_polled(x, self_->clock().now() - asked_at < 1s);
      },
      [this, id](const caf::error& err) { on_poll_failed(id, err); });
}

void tracker_state::on_polled(const remote_run& x, bool early) {
  auto* run = runs_.find(x.id);
  if (!run)
    return;
  run->asked = false;
  run->missing_since.reset();
  run->failures = 0;
  trouble_ = ec::none;
  if (is_terminal(x.status))
    return tell_end(x);
  inform(*run, x);
  if (!polls())
    return plan_sweep();
  // A server that does not wait must not be asked in a tight loop.
  run->early = early ? run->early + 1 : 0;
  if (!early)
    return poll(x.id, longest_wait);
  auto pause = policy_.repoll_pause * (1 << std::min(run->early, 5U));
  ask_later(x.id, std::min<std::chrono::milliseconds>(pause, longest_pause));
}

void tracker_state::on_poll_failed(const std::string& id,
                                   const caf::error& err) {
  auto* run = runs_.find(id);
  if (!run)
    return;
  run->asked = false;
  if (code_of(err) == ec::not_found) {
    // A fresh run may be unknown for a moment: replicas lag.
    auto at = self_->clock().now();
    auto since = run->missing_since.value_or(at);
    run->missing_since = since;
    if (at - since >= policy_.lost_after)
      return give_up(id);
    return ask_later(id, longest_pause);
  }
  complain("poll-failed", err);
  ask_later(id, pause_after(++run->failures));
}

void tracker_state::complain(const char* event, const caf::error& err) {
  auto before = std::exchange(trouble_, code_of(err));
  if (trouble_ != before)
    log.warn(event, "error=\"{}\"", message_of(err));
}

void tracker_state::ask_later(const std::string& id,
                              std::chrono::milliseconds pause) {
  if (auto* run = runs_.find(id))
    run->asked = true;
  self_->delayed_send(self_, pause, ask_about_run{id});
}

void tracker_state::inform(tracked_runs::entry& run, const remote_run& x) {
  run.told = x.status;
  self_->send(watchers_.at(x.id), remote_run_seen{x});
}

void tracker_state::tell_end(const remote_run& x) {
  auto watcher = watchers_.find(x.id);
  if (watcher != watchers_.end())
    self_->send(watcher->second, remote_run_seen{x});
  unwatch(x.id);
}

void tracker_state::give_up(const std::string& id) {
  auto watcher = watchers_.find(id);
  if (watcher != watchers_.end())
    self_->send(watcher->second, remote_run_gone{id});
  unwatch(id);
}

// -- sweeps -------------------------------------------------------------------

void tracker_state::plan_sweep() {
  if (std::exchange(sweep_planned_, true))
    return;
  auto interval = std::max(policy_.sweep_interval,
                           std::chrono::milliseconds{500} * pages_.count());
  if (failed_sweeps_ > 0)
    interval = std::max(interval, pause_after(failed_sweeps_));
  self_->delayed_send(self_, interval, sweep_now{});
}

void tracker_state::sweep() {
  if (runs_.empty() || polls()) {
    sweep_planned_ = false;
    return follow();
  }
  runs_.begin_sweep();
  pages_ = run_pages{{remote_status::ready, remote_status::running,
                      remote_status::timing_out, remote_status::aborting},
                     runs_.oldest()};
  sweep_page();
}

void tracker_state::sweep_page() {
  self_->request(api_, apify_api_patience, pages_.request())
    .then([this](const remote_runs& page) { on_page(page); },
          [this](const caf::error& err) {
            complain("sweep-failed", err);
            ++failed_sweeps_;
            sweep_planned_ = false;
            plan_sweep();
          });
}

void tracker_state::on_page(const remote_runs& page) {
  failed_sweeps_ = 0;
  trouble_ = ec::none;
  for (const auto& x : page.runs) {
    runs_.saw(x.id);
    if (auto* run = runs_.find(x.id); run && run->told != x.status)
      inform(*run, x);
  }
  if (pages_.took(page))
    sweep_page();
  else
    end_sweep();
}

void tracker_state::end_sweep() {
  sweep_planned_ = false;
  for (auto& id : runs_.unseen()) {
    runs_.find(id)->asked = true;
    unconfirmed_.push_back(std::move(id));
  }
  confirm_some();
  follow();
}

void tracker_state::confirm_some() {
  while (confirming_ < policy_.max_confirmations && !unconfirmed_.empty()) {
    auto id = std::move(unconfirmed_.front());
    unconfirmed_.pop_front();
    if (!runs_.find(id))
      continue;
    ++confirming_;
    self_->request(api_, apify_api_patience, get_remote_run{id, 0})
      .then(
        [this](const remote_run& x) {
          --confirming_;
          on_polled(x, false);
          confirm_some();
        },
        [this, id](const caf::error& err) {
          --confirming_;
          on_poll_failed(id, err);
          confirm_some();
        });
  }
}

tracker_self::behavior_type
tracker(tracker_self::stateful_pointer<tracker_state> self, apify_api_actor api,
        tracking_policy policy) {
  return self->state.make_behavior(std::move(api), policy);
}

} // namespace orc
