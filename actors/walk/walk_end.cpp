// What time does to a batch: its tracker, its time-out, its last step, its end.

#include "actors/walk/error_text.hpp"
#include "actors/walk/failure.hpp"
#include "actors/walk/log.hpp"
#include "actors/walk/walk.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

/// How long an end waits for attempts that were told to stop.
constexpr auto stop_patience = 15s;

} // namespace

void walk_state_machine::tick() {
  auto now = time();
  const auto& rules = window_.rules();
  for (auto number : window_.overdue(now)) {
    if (auto* page = window_.find_busy(number))
      end_attempt(number, page->is.attempts,
                  failure(page_end::failed,
                          "timed out, and its processor does not answer"));
  }
  for (auto i = waiters_.begin(); i != waiters_.end();)
    if (i->until <= now) {
      i->promise.deliver(view());
      i = waiters_.erase(i);
    } else {
      ++i;
    }
  if (rules.batch_timeout.count() > 0 && can_be_cut() && redrivers_.empty()) {
    auto end = window_.record().timed_from + rules.batch_timeout;
    if (end <= now)
      cut_off(
        walk_state::timed_out,
        fmt::format("not done after {} s: batchTimeoutSecs",
                    static_cast<double>(rules.batch_timeout.count()) / 1000));
    else
      plan_tick(end);
  }
  if (parts_.tracker && tracker_.is_due(now) && !settling_)
    tell_tracker();
  plan_tick(tracker_.due());
  for (const auto& x : waiters_)
    plan_tick(x.until);
  if (auto next = limiter_.next_change(now))
    plan_tick(next);
  plan_tick(window_.next_due());
  if (stuck_due_)
    plan_tick(stuck_due_);
  if (cut_until_ && *cut_until_ > now)
    plan_tick(cut_until_);
  else if (cut_until_ && last_step_ == last_step::running)
    leave_last_step();
  pump();
}

walk_tracker walk_state_machine::make_tracker() const {
  if (!parts_.tracker)
    return {};
  return {std::chrono::milliseconds{
            static_cast<std::int64_t>(spec_.tracker_interval_secs * 1000)},
          time()};
}

void walk_state_machine::tell_tracker() {
  tracker_.begin();
  tell_progress x;
  x.progress = json_text{to_json(view())};
  x.args = spec_.tracker->args;
  x.timeout = tracker_timeout();
  auto returned = [this] {
    // Another specification may have none.
    if (!parts_.tracker)
      return;
    tracker_.returned(time());
    plan_tick(tracker_.due());
  };
  self_->request(parts_.tracker, x.timeout + 30s, x)
    .then(
      [=, this](const page_result& how) {
        if (how.end != page_end::done)
          log.warn("tracker-failed", "batch={} error=\"{}\"", spec_.name,
                   how.error);
        returned();
      },
      [=, this](const caf::error& err) {
        log.warn("tracker-failed", "batch={} error=\"{}\"", spec_.name,
                 message_of(err));
        returned();
      });
}

std::chrono::milliseconds walk_state_machine::tracker_timeout() const {
  auto secs = spec_.tracker->timeout_secs.value_or(
    std::min(270.0, spec_.tracker_interval_secs));
  return std::chrono::milliseconds{
    std::max<std::int64_t>(static_cast<std::int64_t>(secs * 1000), 1)};
}

bool walk_state_machine::can_be_cut() const {
  return !cut_ && last_step_ != last_step::over;
}

void walk_state_machine::cut_off(walk_state how, std::string why) {
  if (!can_be_cut())
    return;
  log.warn("batch-cut-off", "batch={} state={} why=\"{}\"", spec_.name,
           name_of(how), why);
  cut_ = how;
  cut_until_ = time() + stop_patience;
  plan_tick(cut_until_);
  window_.record().error = std::move(why);
  window_.mark_dirty();
  self_->send(parts_.processor, stop_pages{});
  for (const auto& part : former_)
    self_->send(part, stop_pages{});
  stop_last_step();
}

void walk_state_machine::settle() {
  // What is about to be stuck again is to be done.
  if (settling_ || is_reviving_ || revival_ != revival::nothing)
    return;
  if (cut_ && window_.busy() > 0 && time() < *cut_until_)
    return plan_tick(cut_until_);
  if (!redrivers_.empty())
    return go_on();
  settling_ = true;
  auto& record = window_.record();
  record.finished_at = time();
  if (cut_ || record.resume_cursor || !parts_.reducer)
    return tell_end();
  reduce(1);
}

void walk_state_machine::reduce(std::uint32_t attempt) {
  // Another specification may have come meanwhile.
  if (!parts_.reducer)
    return tell_end();
  last_step_ = last_step::running;
  tell_progress x;
  x.progress = json_text{to_json(view())};
  x.args = spec_.reduce->args;
  x.timeout = spec_.reduce->timeout_secs
                ? std::chrono::milliseconds{static_cast<std::int64_t>(
                  *spec_.reduce->timeout_secs * 1000)}
                : window_.rules().page_timeout;
  auto call = ++reduce_calls_;
  self_->request(parts_.reducer, x.timeout + 30s, x)
    .then(
      [=, this](const page_result& how) { take_reduced(call, attempt, how); },
      [=, this](const caf::error& err) {
        take_reduced(call, attempt, failure(page_end::failed, message_of(err)));
      });
}

void walk_state_machine::take_reduced(std::uint64_t call, std::uint32_t attempt,
                                      const page_result& how) {
  // Given up meanwhile.
  if (call != reduce_calls_)
    return;
  if (how.end == page_end::done || cut_ || !redrivers_.empty())
    return leave_last_step();
  log.warn("reduce-failed", "batch={} attempt={} error=\"{}\"", spec_.name,
           attempt, how.error);
  if (attempt < window_.rules().initial_attempts) {
    last_step_ = last_step::resting;
    auto pause = window_.rules().initial_backoff
                 * (1u << std::min<std::uint32_t>(attempt - 1, 6));
    self_->delayed_send(self_, pause, walk_reduce{attempt + 1});
    return;
  }
  window_.record().error = error_text("the last step failed: " + how.error);
  tell_end();
}

void walk_state_machine::stop_last_step() {
  if (last_step_ == last_step::resting)
    return leave_last_step();
  if (last_step_ != last_step::running)
    return;
  if (parts_.reducer)
    self_->send(parts_.reducer, stop_pages{});
  for (const auto& part : former_)
    self_->send(part, stop_pages{});
}

void walk_state_machine::leave_last_step() {
  ++reduce_calls_;
  if (redrivers_.empty())
    tell_end();
  else
    go_on();
}

/// A tracker that fails, or hangs, never keeps a batch from its end.
void walk_state_machine::tell_end() {
  last_step_ = last_step::over;
  auto& record = window_.record();
  record.state = cut_                   ? *cut_
                 : record.resume_cursor ? walk_state::broken
                                        : walk_state::finished;
  window_.mark_dirty();
  auto end = [this] {
    if (!redrivers_.empty())
      return go_on();
    finishing_ = true;
    window_.mark_dirty();
    save_now();
  };
  if (!parts_.tracker)
    return end();
  tell_progress x;
  x.progress = json_text{to_json(view())};
  x.args = spec_.tracker->args;
  x.timeout = std::min<std::chrono::milliseconds>(tracker_timeout(), 30s);
  self_->request(parts_.tracker, x.timeout + 5s, x)
    .then(
      [=, this](const page_result& how) {
        if (how.end != page_end::done)
          log.warn("tracker-failed", "batch={} last=true error=\"{}\"",
                   spec_.name, how.error);
        end();
      },
      [=, this](const caf::error& err) {
        log.warn("tracker-failed", "batch={} last=true error=\"{}\"",
                 spec_.name, message_of(err));
        end();
      });
}

void walk_state_machine::finish() {
  if (!redrivers_.empty())
    return go_on();
  is_over_ = true;
  const auto& x = window_.record();
  log.info("batch-ended",
           "batch={} state={} pages={} completed={} failed={} stuck={} "
           "itemErrors={}",
           spec_.name, name_of(x.state), x.counts.pages, x.counts.completed,
           x.counts.failed, x.counts.stuck, x.counts.item_errors);
  for (auto& awaited : std::exchange(waiters_, {}))
    awaited.promise.deliver(view());
  for (auto& promise : std::exchange(appliers_, {}))
    promise.deliver(view());
  for (auto& promise : std::exchange(drainers_, {}))
    promise.deliver(saved{});
  give_up(make_error(ec::stopping, fmt::format("batch {} has ended just now; "
                                               "ask again",
                                               spec_.name)));
  // Links do not pass on an end that is no error.
  for (const auto& part : processors())
    self_->send_exit(part, caf::exit_reason::user_shutdown);
  if (parts_.source)
    self_->send_exit(parts_.source, caf::exit_reason::user_shutdown);
  self_->quit();
}

void walk_state_machine::go_on() {
  begin_again(window_.record(), time());
  cut_.reset();
  cut_until_.reset();
  settling_ = false;
  finishing_ = false;
  last_step_ = last_step::ahead;
  revival_ = revival::failed;
  for (auto& promise : std::exchange(redrivers_, {}))
    appliers_.push_back(std::move(promise));
  window_.mark_dirty();
  save_now();
}

} // namespace orc
