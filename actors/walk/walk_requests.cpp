// What users ask of a batch, and how it changes then.

#include "actors/walk/log.hpp"
#include "actors/walk/walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

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
      redrive(promise, true);
      return promise;
    case walk_verb::cancel:
      if (auto refusal = cancel()) {
        promise.deliver(std::move(refusal));
        return promise;
      }
      break;
  }
  log.info("batch-changed", "batch={} verb={} limit={} paused={}", spec_.name,
           name_of(x.verb), limits.limit, limits.paused);
  apply(promise);
  return promise;
}

caf::error walk_state_machine::cancel() {
  if (!cut_ && !can_be_cut() && redrivers_.empty())
    return make_error(ec::bad_field,
                      fmt::format("batch {} is over but for its last words: "
                                  "there is nothing to cancel",
                                  spec_.name));
  // It had been asked to go on before that.
  for (auto& x : std::exchange(redrivers_, {}))
    appliers_.push_back(std::move(x));
  cut_off(walk_state::cancelled, "cancelled");
  return {};
}

/// Stuck pages are due at once, and those that failed may be stuck again. A
/// batch that is ending has nothing stuck that it would still do; what failed
/// in it is done again as soon as it would have ended.
void walk_state_machine::redrive(view_promise promise, bool failed) {
  failed = failed && window_.rules().mode == retry_mode::at_least_once;
  if (!cut_ && !settling_) {
    revival_ = std::max(revival_, failed ? revival::failed : revival::stuck);
    apply(promise);
  } else if (failed && has_failures()) {
    redrivers_.push_back(promise);
    stop_last_step();
  } else {
    apply(promise);
  }
}

bool walk_state_machine::has_failures() const {
  const auto& x = window_.record();
  return cut_ || x.error || x.resume_cursor || x.counts.failed > 0
         || x.counts.item_errors > 0;
}

/// Nothing starts any more; answers when nothing goes on.
caf::result<saved> walk_state_machine::drain(const drain_walks&) {
  auto promise = self_->make_response_promise<saved>();
  draining_ = true;
  drainers_.push_back(promise);
  settle_drain();
  return promise;
}

void walk_state_machine::settle_drain() {
  // Whoever asks may lose patience: what ends meanwhile is durable by then.
  if (window_.busy() > 0 || saving_)
    return save(false);
  if (window_.is_dirty())
    return save_now();
  for (auto& x : std::exchange(drainers_, {}))
    x.deliver(saved{});
}

caf::result<walk_view> walk_state_machine::restart(const start_walk& x) {
  auto promise = self_->make_response_promise<walk_view>();
  redrive(promise, x.redrive);
  return promise;
}

caf::result<walk_view> walk_state_machine::renew(const renew_walk& x) {
  auto promise = self_->make_response_promise<walk_view>();
  auto spec = read_walk_spec(x.spec.reveal());
  if (!spec) {
    promise.deliver(spec.error());
    return promise;
  }
  auto& limits = window_.record().limits;
  if (spec->max_parallelism != spec_.max_parallelism)
    set_limit(limits, spec->max_parallelism);
  spec_ = std::move(*spec);
  auto rules = rules_of(spec_);
  limiter_ = limiter{rules.ramp, started_};
  window_.set_rules(std::move(rules), x.spec);
  exchange(x.parts);
  redrive(promise, x.redrive);
  return promise;
}

/// What the former ones have begun they go on with, so they stay.
void walk_state_machine::exchange(const walk_parts& parts) {
  former_ = processors();
  parts_.processor = parts.processor;
  parts_.tracker = parts.tracker;
  parts_.reducer = parts.reducer;
  for (const auto& part : {parts.processor, parts.tracker, parts.reducer})
    if (part)
      self_->link_to(part);
  tracker_ = make_tracker();
  plan_tick(tracker_.due());
}

std::vector<page_processor_actor> walk_state_machine::processors() const {
  auto result = former_;
  for (const auto& part : {parts_.processor, parts_.tracker, parts_.reducer})
    if (part)
      result.push_back(part);
  return result;
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
  // Nobody knows when a pause ends, or when stuck pages will succeed.
  auto goes_on
    = result.parallelism > 0
      && !(window_.record().scanned && counts.stuck > 0
           && counts.completed + counts.failed + counts.stuck == counts.pages);
  if (goes_on && spec_.expected_items && *spec_.expected_items >= counts.items
      && result.items_per_sec > 0)
    result.eta_secs = static_cast<double>(*spec_.expected_items - counts.items)
                      / result.items_per_sec;
  return result;
}

void begin_again(walk_record& x, timestamp now) {
  x.state = walk_state::running;
  x.finished_at.reset();
  x.resume_cursor.reset();
  x.error.reset();
  x.timed_from = now;
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
  if (!result.is_finished && !x.limits.paused)
    result.parallelism = x.limits.limit;
  result.max_achieved = x.counts.max_achieved;
  result.started_at = x.started_at;
  result.finished_at = x.finished_at;
  result.resume_cursor = x.resume_cursor;
  result.error = x.error;
  return result;
}

} // namespace orc
