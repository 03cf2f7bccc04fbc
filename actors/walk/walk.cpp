#include "actors/walk/walk.hpp"

#include "messages/base/fault_point.hpp"
#include "messages/base/log.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

constexpr logger log{"batch"};

/// What changes meanwhile shares one save; nobody waits for it.
constexpr auto save_interval = 5ms;

/// How long an end waits for attempts that were told to stop.
constexpr auto stop_patience = 15s;

constexpr auto longest_nap = 60s;

/// Of pages that are loaded at once when a process takes up a batch.
constexpr std::uint64_t all_pages = 1'000'000;

} // namespace

walk_state_machine::walk_state_machine(walk_self::pointer self) : self_{self} {
  clock_start_ = self_->clock().now();
  start_ = now();
  self_->set_exit_handler([this](caf::exit_msg& x) { self_->quit(x.reason); });
}

walk_self::behavior_type
walk_state_machine::make_behavior(walk_spec spec, walk_record record,
                                  walk_parts parts) {
  spec_ = std::move(spec);
  parts_ = std::move(parts);
  started_ = record.started_at;
  auto rules = rules_of(spec_);
  limiter_ = limiter{rules.ramp, started_};
  window_ = page_window{std::move(rules), std::move(record)};
  if (parts_.tracker)
    tracker_ = walk_tracker{std::chrono::milliseconds{static_cast<std::int64_t>(
                              spec_.tracker_interval_secs * 1000)},
                            time()};
  for (const auto& part : {parts_.processor, parts_.tracker, parts_.reducer})
    if (part)
      self_->link_to(part);
  if (parts_.source)
    self_->link_to(parts_.source);
  log.info("batch-begun", "batch={} pages={} completed={}", spec_.name,
           window_.record().counts.pages, window_.record().counts.completed);
  load();
  return {
    [this](const wait_walk& x) { return wait(x); },
    [this](const change_walk& x) { return change(x); },
    [this](const start_walk& x) { return restart(x); },
    [this](const drain_walks& x) { return drain(x); },
    [this](const next_page& x) { learn(x); },
    [this](const walk_tick&) {
      tick_at_.reset();
      tick();
    },
    [this](const walk_save_now&) {
      save_planned_ = false;
      save_now();
    },
    [this](const walk_reduce& x) { reduce(x.attempt); },
  };
}

void walk_state_machine::load() {
  find_walk_pages question;
  question.walk = window_.record().key;
  question.state = page_state::live;
  question.limit = all_pages;
  self_->request(parts_.store, caf::infinite, question)
    .await(
      [this](const found_pages& found) {
        for (const auto& x : found.pages)
          window_.put_back(x);
        loaded_ = true;
        tick();
      },
      [this](caf::error& err) { die(std::move(err)); });
}

// -- pages --------------------------------------------------------------------

void walk_state_machine::pump() {
  if (!loaded_ || is_over_ || settling_)
    return;
  auto now = time();
  pace_.note(window_.record().counts, now);
  if (cut_)
    return settle();
  if (!drainers_.empty())
    return settle_drain();
  auto most = limit();
  while (auto* page = window_.start_next(most, now))
    begin(*page);
  if (window_.room_for_stuck(most) > 0 && !asking_stuck_
      && (!stuck_due_ || *stuck_due_ <= now))
    ask_for_stuck();
  if (window_.is_over())
    return settle();
  save(false);
}

void walk_state_machine::begin(live_page& page) {
  page.cuts = limiter_.cuts();
  auto is_fed = window_.rules().self_fed || page.has_items;
  if (is_fed)
    go(page);
  else
    read(page);
}

void walk_state_machine::read(live_page& page) {
  auto number = page.is.number;
  auto attempt = page.is.attempts;
  self_
    ->request(parts_.source, caf::infinite,
              read_walk_page{page.is.cursor, page.is.size})
    .then([=, this](const walk_page& x) { take_read(number, attempt, x); },
          [=, this](const caf::error& err) {
            fail_read(number, attempt, err);
          });
}

void walk_state_machine::take_read(std::uint64_t number, std::uint32_t attempt,
                                   const walk_page& read) {
  auto* page = window_.find(number, attempt);
  if (page == nullptr)
    return;
  if (window_.take_items(*page, read.items, read.count, read.next))
    go(*page);
  pump();
}

void walk_state_machine::fail_read(std::uint64_t number, std::uint32_t attempt,
                                   const caf::error& why) {
  page_result how;
  how.end = is_passing(why) ? page_end::retry : page_end::hopeless;
  how.error = fmt::format("its items cannot be read: {}", message_of(why));
  how.overloaded = code_of(why) == ec::rate_limited;
  end_attempt(number, attempt, how, wait_of(why));
}

void walk_state_machine::go(live_page& page) {
  if (window_.rules().mode == retry_mode::at_least_once)
    return work(page);
  window_.announce(page);
  announcing_.emplace_back(page.is.number, page.is.attempts);
  save(true);
}

void walk_state_machine::work(live_page& page) {
  window_.begin_work(page, time());
  plan_tick(page.until);
  process_page request;
  request.batch = spec_.name;
  request.page = page.is.number;
  request.cursor = page.is.cursor;
  request.size = page.is.size;
  request.attempt = page.is.attempts;
  request.args = spec_.processor.args;
  request.items = page.items;
  request.count = page.count;
  for (const auto& flaw : page.flaws)
    request.only.push_back(flaw.item);
  request.timeout = window_.rules().page_timeout;
  request.next = caf::actor_cast<next_page_sink>(self_);
  auto number = page.is.number;
  auto attempt = page.is.attempts;
  self_->request(parts_.processor, caf::infinite, std::move(request))
    .then([=,
           this](const page_result& how) { end_attempt(number, attempt, how); },
          [=, this](const caf::error& err) {
            page_result how;
            how.end = page_end::failed;
            how.error = message_of(err);
            end_attempt(number, attempt, how);
          });
}

void walk_state_machine::end_attempt(std::uint64_t number,
                                     std::uint32_t attempt,
                                     const page_result& how,
                                     std::chrono::milliseconds wait) {
  auto* page = window_.find(number, attempt);
  if (page == nullptr)
    return;
  auto is_good = how.end == page_end::done && !how.overloaded;
  if (is_good)
    limiter_.succeed(window_.record().limits);
  else if (how.end != page_end::stopped)
    limiter_.trouble(page->cuts);
  fault_point("page-ended");
  window_.end_attempt(*page, how, time(), wait);
  if (how.end != page_end::done)
    plan_tick(window_.next_due());
  pump();
}

void walk_state_machine::learn(const next_page& x) {
  // Where the source says it, nobody else does.
  if (!window_.rules().self_fed)
    return;
  window_.learn_next(x.page, x.attempt, x.cursor, x.size);
  pump();
}

void walk_state_machine::ask_for_stuck() {
  asking_stuck_ = true;
  // What has become stuck just now has to be there.
  save_now();
  find_walk_pages question;
  question.walk = window_.record().key;
  question.state = page_state::stuck;
  question.due_until = time();
  // Some of them may be under way.
  question.limit = limit() + window_.busy();
  self_->request(parts_.store, caf::infinite, question)
    .then(
      [this](const found_pages& found) {
        asking_stuck_ = false;
        start_stuck(found);
      },
      [this](caf::error& err) { die(std::move(err)); });
}

void walk_state_machine::start_stuck(const found_pages& found) {
  auto started = false;
  for (const auto& x : found.pages) {
    if (cut_ || window_.room_for_stuck(limit()) == 0)
      break;
    std::vector<stored_item> flaws;
    for (const auto& item : found.items)
      if (item.page == x.number)
        flaws.push_back(item);
    if (auto* page = window_.start_stuck(x, std::move(flaws), time())) {
      started = true;
      begin(*page);
    }
  }
  // If none was due that is not under way, somebody has to wait.
  stuck_due_ = started ? std::nullopt
                       : std::optional{found.next_due.value_or(time() + 1s)};
  if (!started)
    stuck_due_ = std::max(*stuck_due_, time() + 1ms);
  plan_tick(stuck_due_);
  pump();
}

// -- durability ---------------------------------------------------------------

void walk_state_machine::save(bool at_once) {
  if (saving_ || (!window_.is_dirty() && announcing_.empty()))
    return;
  if (at_once)
    return save_now();
  if (std::exchange(save_planned_, true))
    return;
  self_->delayed_send(self_, save_interval, walk_save_now{});
}

void walk_state_machine::save_now() {
  if (saving_ || !window_.is_dirty())
    return;
  saving_ = true;
  announced_ = std::exchange(announcing_, {});
  applied_ = std::exchange(appliers_, {});
  self_->request(parts_.store, caf::infinite, window_.take_changes())
    .then([this](const saved&) { saved_one(); },
          [this](caf::error& err) { die(std::move(err)); });
}

void walk_state_machine::saved_one() {
  saving_ = false;
  fault_point("page-saved");
  for (auto& x : std::exchange(applied_, {}))
    x.deliver(view());
  for (auto [number, attempt] : std::exchange(announced_, {}))
    if (auto* page = window_.find(number, attempt)) {
      if (cut_)
        take_back(*page);
      else
        work(*page);
    }
  if (!announcing_.empty() || !appliers_.empty() || finishing_)
    return finishing_ && !window_.is_dirty() ? finish() : save_now();
  if (settling_)
    return;
  if (!drainers_.empty())
    return settle_drain();
  pump();
}

/// It has not begun after all.
void walk_state_machine::take_back(live_page& page) {
  page.is.started = false;
  page_result how;
  how.end = page_end::stopped;
  window_.end_attempt(page, how, time());
}

// -- the end ------------------------------------------------------------------

void walk_state_machine::tick() {
  auto now = time();
  const auto& rules = window_.rules();
  for (auto number : window_.overdue(now)) {
    page_result how;
    how.end = page_end::failed;
    how.error = "timed out, and its processor does not answer";
    if (auto* page = window_.find_busy(number))
      end_attempt(number, page->is.attempts, how);
  }
  for (auto i = waiters_.begin(); i != waiters_.end();)
    if (i->until <= now) {
      i->promise.deliver(view());
      i = waiters_.erase(i);
    } else {
      ++i;
    }
  if (rules.batch_timeout.count() > 0 && !cut_ && !settling_) {
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
  if (cut_until_)
    plan_tick(cut_until_);
  pump();
}

void walk_state_machine::tell_tracker() {
  tracker_.begin();
  tell_progress x;
  x.progress = json_text{to_json(view())};
  x.args = spec_.tracker->args;
  x.timeout = tracker_timeout();
  self_->request(parts_.tracker, x.timeout + 30s, x)
    .then(
      [this](const page_result& how) {
        if (how.end != page_end::done)
          log.warn("tracker-failed", "batch={} error=\"{}\"", spec_.name,
                   how.error);
        tracker_.returned(time());
        plan_tick(tracker_.due());
      },
      [this](const caf::error& err) {
        log.warn("tracker-failed", "batch={} error=\"{}\"", spec_.name,
                 message_of(err));
        tracker_.returned(time());
        plan_tick(tracker_.due());
      });
}

std::chrono::milliseconds walk_state_machine::tracker_timeout() const {
  auto secs = spec_.tracker->timeout_secs.value_or(
    std::min(270.0, spec_.tracker_interval_secs));
  return std::chrono::milliseconds{
    std::max<std::int64_t>(static_cast<std::int64_t>(secs * 1000), 1)};
}

void walk_state_machine::cut_off(walk_state how, std::string why) {
  if (cut_ || settling_)
    return;
  log.warn("batch-cut-off", "batch={} state={} why=\"{}\"", spec_.name,
           name_of(how), why);
  cut_ = how;
  cut_until_ = time() + stop_patience;
  window_.record().error = std::move(why);
  window_.mark_dirty();
  self_->send(parts_.processor, stop_pages{});
}

void walk_state_machine::settle() {
  if (settling_)
    return;
  if (cut_ && window_.busy() > 0 && time() < *cut_until_)
    return plan_tick(cut_until_);
  settling_ = true;
  auto& record = window_.record();
  record.finished_at = time();
  if (cut_ || record.resume_cursor || !parts_.reducer)
    return tell_end();
  reduce(1);
}

void walk_state_machine::reduce(std::uint32_t attempt) {
  tell_progress x;
  x.progress = json_text{to_json(view())};
  x.args = spec_.reduce->args;
  x.timeout = spec_.reduce->timeout_secs
                ? std::chrono::milliseconds{static_cast<std::int64_t>(
                  *spec_.reduce->timeout_secs * 1000)}
                : window_.rules().page_timeout;
  auto failed = [=, this](const std::string& why) {
    log.warn("reduce-failed", "batch={} attempt={} error=\"{}\"", spec_.name,
             attempt, why);
    if (attempt < window_.rules().initial_attempts) {
      auto pause = window_.rules().initial_backoff
                   * (1u << std::min<std::uint32_t>(attempt - 1, 6));
      self_->delayed_send(self_, pause, walk_reduce{attempt + 1});
      return;
    }
    window_.record().error = "the last step failed: " + why;
    tell_end();
  };
  self_->request(parts_.reducer, x.timeout + 30s, x)
    .then(
      [=, this](const page_result& how) {
        if (how.end == page_end::done)
          tell_end();
        else
          failed(how.error);
      },
      [=](const caf::error& err) { failed(message_of(err)); });
}

/// A tracker that fails, or hangs, never keeps a batch from its end.
void walk_state_machine::tell_end() {
  auto& record = window_.record();
  record.state = cut_                   ? *cut_
                 : record.resume_cursor ? walk_state::broken
                                        : walk_state::finished;
  window_.mark_dirty();
  auto end = [this] {
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
  // Links do not pass on an end that is no error.
  for (const auto& part : {parts_.processor, parts_.tracker, parts_.reducer})
    if (part)
      self_->send_exit(part, caf::exit_reason::user_shutdown);
  if (parts_.source)
    self_->send_exit(parts_.source, caf::exit_reason::user_shutdown);
  self_->quit();
}

// -- what users ask -----------------------------------------------------------

caf::result<walk_view> walk_state_machine::wait(const wait_walk& x) {
  if (x.wait.count() == 0)
    return view();
  auto promise = self_->make_response_promise<walk_view>();
  waiters_.push_back({promise, time() + x.wait});
  plan_tick(waiters_.back().until);
  return promise;
}

caf::result<walk_view> walk_state_machine::change(const change_walk& x) {
  auto promise = self_->make_response_promise<walk_view>();
  auto& limits = window_.record().limits;
  switch (x.verb) {
    case walk_verb::pause:
      limits.paused = true;
      break;
    case walk_verb::resume:
      limits.paused = false;
      break;
    case walk_verb::set_parallelism:
      set_limit(limits, x.limit);
      break;
    case walk_verb::restore_parallelism:
      restore_limit(limits);
      break;
    case walk_verb::redrive:
      redrive(promise);
      return promise;
    case walk_verb::cancel:
      cut_off(walk_state::cancelled, "cancelled");
      break;
  }
  log.info("batch-changed", "batch={} verb={} limit={} paused={}", spec_.name,
           name_of(x.verb), limits.limit, limits.paused);
  apply(promise);
  return promise;
}

/// Stuck pages are due at once, and those that failed are stuck again.
void walk_state_machine::redrive(view_promise promise) {
  revive_walk_pages question;
  question.walk = window_.record().key;
  question.failed = window_.rules().mode == retry_mode::at_least_once;
  question.now = time();
  // The store has to know first what has failed by now.
  self_->request(parts_.store, caf::infinite, window_.take_changes())
    .then(
      [](const saved&) {
        // The next one tells.
      },
      [this](caf::error& err) { die(std::move(err)); });
  self_->request(parts_.store, caf::infinite, question)
    .then(
      [this, promise](const revived_pages& x) {
        window_.revive(x);
        stuck_due_.reset();
        apply(promise);
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
}

/// Nothing starts any more; answers when nothing goes on.
caf::result<saved> walk_state_machine::drain(const drain_walks&) {
  auto promise = self_->make_response_promise<saved>();
  drainers_.push_back(promise);
  settle_drain();
  return promise;
}

void walk_state_machine::settle_drain() {
  if (drainers_.empty() || window_.busy() > 0 || saving_)
    return;
  if (window_.is_dirty())
    return save_now();
  for (auto& x : std::exchange(drainers_, {}))
    x.deliver(saved{});
}

caf::result<walk_view> walk_state_machine::restart(const start_walk& x) {
  auto promise = self_->make_response_promise<walk_view>();
  auto spec = read_walk_spec(x.spec.reveal());
  if (!spec) {
    promise.deliver(spec.error());
    return promise;
  }
  if (x.spec != window_.record().spec) {
    auto& limits = window_.record().limits;
    if (spec->max_parallelism != spec_.max_parallelism)
      set_limit(limits, spec->max_parallelism);
    spec_ = std::move(*spec);
    auto rules = rules_of(spec_);
    limiter_ = limiter{rules.ramp, started_};
    window_.set_rules(std::move(rules), x.spec);
  }
  redrive(promise);
  return promise;
}

void walk_state_machine::apply(view_promise promise) {
  appliers_.push_back(std::move(promise));
  window_.mark_dirty();
  if (!finishing_)
    save_now();
  pump();
}

walk_view walk_state_machine::view() const {
  auto result = view_of(window_.record());
  const auto& counts = window_.record().counts;
  auto now = time();
  result.processing = window_.busy();
  result.parallelism = static_cast<std::uint32_t>(limit());
  result.pages_per_sec = pace_.pages(counts, now);
  result.items_per_sec = pace_.items(counts, now);
  if (spec_.expected_items && *spec_.expected_items >= counts.items
      && result.items_per_sec > 0)
    result.eta_secs = static_cast<double>(*spec_.expected_items - counts.items)
                      / result.items_per_sec;
  return result;
}

std::uint64_t walk_state_machine::limit() const {
  return limiter_.at(window_.record().limits, time());
}

void walk_state_machine::plan_tick(std::optional<timestamp> at) {
  if (!at || is_over_ || (tick_at_ && *tick_at_ <= *at))
    return;
  auto now = time();
  auto nap = std::clamp<std::chrono::milliseconds>(*at - now, 0ms, longest_nap);
  tick_at_ = now + nap;
  self_->delayed_send(self_, nap, walk_tick{});
}

timestamp walk_state_machine::time() const {
  auto passed = self_->clock().now() - clock_start_;
  return start_ + std::chrono::duration_cast<std::chrono::milliseconds>(passed);
}

void walk_state_machine::die(caf::error why) {
  log.error("batch-interrupted", "batch={} error=\"{}\"", spec_.name,
            message_of(why));
  self_->quit(std::move(why));
}

walk_self::behavior_type
walk(walk_self::stateful_pointer<walk_state_machine> self, walk_spec spec,
     walk_record record, walk_parts parts) {
  return self->state.make_behavior(std::move(spec), std::move(record),
                                   std::move(parts));
}

walk_view view_of(const walk_record& x) {
  walk_view result;
  result.name = x.name;
  result.state = x.state;
  result.is_paused = x.limits.paused;
  result.is_finished = x.state != walk_state::running;
  result.pages = x.counts.pages;
  result.items = x.counts.items;
  result.completed = x.counts.completed;
  result.failed = x.counts.failed;
  result.stuck = x.counts.stuck;
  result.item_errors = x.counts.item_errors;
  result.max_parallelism = x.limits.limit;
  result.max_achieved = x.counts.max_achieved;
  result.started_at = x.started_at;
  result.finished_at = x.finished_at;
  result.resume_cursor = x.resume_cursor;
  result.error = x.error;
  return result;
}

} // namespace orc
