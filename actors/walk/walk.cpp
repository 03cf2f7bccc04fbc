#include "actors/walk/walk.hpp"

#include "actors/walk/failure.hpp"
#include "actors/walk/log.hpp"
#include "messages/base/fault_point.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

constexpr auto longest_nap = 60s;

/// Of pages that are loaded at once when a process takes up a batch.
constexpr std::uint64_t all_pages = 1'000'000;

} // namespace

walk_state_machine::walk_state_machine(walk_self::pointer self) : self_{self} {
  clock_start_ = self_->clock().now();
  start_ = now();
  self_->set_exit_handler([this](caf::exit_msg& x) {
    give_up(x.reason);
    self_->quit(std::move(x.reason));
  });
}

walk_self::behavior_type
walk_state_machine::make_behavior(walk_spec spec, walk_record record,
                                  walk_parts parts) {
  spec_ = std::move(spec);
  parts_ = std::move(parts);
  started_ = record.started_at;
  auto rules = rules_of(spec_);
  limiter_ = limiter{rules.ramp, started_};
  window_
    = page_window{std::move(rules), std::move(record), spec_.first_cursor};
  tracker_ = make_tracker();
  for (const auto& part : processors())
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
    [this](const renew_walk& x) { return renew(x); },
    [this](const drain_walks& x) { return drain(x); },
    [this](const next_page& x) { learn(x); },
    [this](const page_turn& x) { learn(x); },
    [this](const walk_tick&) {
      tick_at_.reset();
      tick();
    },
    [this](const walk_save_now&) {
      save_planned_ = false;
      save_now();
    },
    [this](const walk_reduce& x) {
      if (last_step_ == last_step::resting)
        reduce(x.attempt);
    },
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
  if (draining_)
    return settle_drain();
  auto most = limit();
  while (auto* page = window_.start_next(most, now))
    begin(*page);
  // While a save is under way the store does not know yet who failed just now,
  // and would name them again.
  if (window_.room_for_stuck(most) > 0 && !asking_stuck_ && !saving_
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
  if (window_.take_items(*page, read.items, read.count, read.next)) {
    if (starts_nothing())
      take_back(*page);
    else
      go(*page);
  }
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
            end_attempt(number, attempt,
                        failure(page_end::failed, message_of(err)));
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
  // Where the source says it, nobody else does. An empty one is where a walk
  // begins, so that nothing comes next.
  if (!window_.rules().self_fed || x.cursor.empty())
    return;
  window_.learn_next(x.page, x.attempt, x.cursor, x.size);
  pump();
}

void walk_state_machine::learn(const page_turn& x) {
  auto* page = window_.find(x.page, x.attempt);
  if (page == nullptr)
    return;
  window_.take_turn(*page, x.has_come, time());
  plan_tick(window_.next_due());
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
        // One that has failed meanwhile is named with the time that it had
        // before, ahead of those whose turn it is: ask again when that is
        // saved.
        if (window_.is_dirty() || saving_)
          pump();
        else
          start_stuck(found);
      },
      [this](caf::error& err) { die(std::move(err)); });
}

void walk_state_machine::start_stuck(const found_pages& found) {
  auto started = false;
  for (const auto& x : found.pages) {
    if (starts_nothing() || window_.room_for_stuck(limit()) == 0)
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

// -- tools
// ---------------------------------------------------------------------

bool walk_state_machine::starts_nothing() const {
  return cut_ || settling_ || draining_;
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
  give_up(why);
  self_->quit(std::move(why));
}

/// CAF refuses what lies in the mailbox, but not what was taken out of it.
void walk_state_machine::give_up(const caf::error& why) {
  auto error = code_of(why) != ec::none
                 ? why
                 : make_error(ec::stopping,
                              fmt::format("batch {} is interrupted; ask again "
                                          "in a moment",
                                          spec_.name));
  for (auto& x : std::exchange(waiters_, {}))
    x.promise.deliver(error);
  for (auto* promises : {&appliers_, &applied_, &redrivers_})
    for (auto& x : std::exchange(*promises, {}))
      x.deliver(error);
  for (auto& x : std::exchange(drainers_, {}))
    x.deliver(error);
}

walk_self::behavior_type
walk(walk_self::stateful_pointer<walk_state_machine> self, walk_spec spec,
     walk_record record, walk_parts parts) {
  return self->state.make_behavior(std::move(spec), std::move(record),
                                   std::move(parts));
}

} // namespace orc
