#include "emulator/platform/scripted_execution.hpp"

#include <algorithm>
#include <utility>

namespace orc::emulator {

using std::chrono::milliseconds;

namespace {

/// Of a main process that the platform killed since it took too much memory.
constexpr int killed_exit_code = 137;

} // namespace

scripted_execution::scripted_execution(run& which, script what, agenda& plan,
                                       run_storages& storages,
                                       work_listener& listener,
                                       failure_counts& failures)
  : run_(which), script_(std::move(what)), agenda_(plan), storages_(storages),
    listener_(listener), failures_(failures) {
  // nop
}

scripted_execution::~scripted_execution() {
  if (next_)
    agenda_.cancel(*next_);
}

std::string scripted_execution::start() {
  started_ = now();
  const auto count = script_.item_count();
  if (script_.item_every.count() > 0)
    steps_ = std::max<std::int64_t>(
      1, std::min(count, script_.duration / script_.item_every));
  else
    // A few steps will do; a quick run pushes everything at its end.
    steps_ = std::clamp<std::int64_t>(script_.duration / milliseconds{200}, 1,
                                      std::clamp<std::int64_t>(count, 1, 10));
  if (!script_.status_message.empty())
    run_.status_message = script_.status_message;
  run_.scripted_usd = script_.usage_total_usd;
  run_.usage_after = script_.usage_after;
  if (run_.stats.resurrections > 0)
    script_.duration = script_.resurrected_duration.value_or(script_.duration);
  plan_step();
  return {};
}

/// Plans the next push of items; the last one is at the end of the run.
void scripted_execution::plan_step() {
  const auto every = script_.item_every.count() > 0 ? script_.item_every
                                                    : script_.duration / steps_;
  ++step_;
  if (step_ >= steps_)
    return end_at(started_ + script_.duration);
  next_ = agenda_.at(started_ + every * step_, [this] { step(); });
}

void scripted_execution::step() {
  next_.reset();
  push_until(script_.item_every.count() > 0
               ? step_
               : script_.item_count() * step_ / steps_);
  plan_step();
}

void scripted_execution::push_until(std::int64_t count) {
  auto items = std::vector<std::string>{};
  for (; run_.script_items < count; ++run_.script_items)
    items.push_back(script_.item(run_.script_items, run_.id));
  if (!items.empty())
    storages_.push_items(run_.storages.dataset_id, std::move(items));
}

void scripted_execution::end_at(moment when) {
  if (next_)
    agenda_.cancel(*next_);
  next_ = agenda_.at(when, [this] { end(); });
}

void scripted_execution::end() {
  next_.reset();
  auto how = outcome();
  if (how.exit_code == 0 && !how.aborted && !how.timed_out)
    push_until(script_.item_count());
  // May destroy this.
  listener_.on_end(run_, how);
}

work_end scripted_execution::outcome() {
  auto& text
    = run_.stats.resurrections > 0 && !script_.resurrected_outcome.empty()
        ? script_.resurrected_outcome
        : script_.outcome;
  if (auto& failed = failures_[script_.key]; failed < script_.fail_first) {
    ++failed;
    return {script_.exit_code.value_or(1)};
  }
  if (text == "ABORTED")
    return {0, true, false};
  if (run_.options.memory_mbytes < script_.needs_memory_mbytes)
    return {killed_exit_code};
  if (text == "TIMED-OUT")
    return {0, false, true};
  return {script_.exit_code.value_or(text == "FAILED" ? 1 : 0)};
}

void scripted_execution::abort_gracefully() {
  script_.outcome = script_.resurrected_outcome = "ABORTED";
  script_.fail_first = 0;
  end_at(now() + std::min(script_.graceful_abort, milliseconds{30'000}));
}

void scripted_execution::kill() {
  script_.outcome = script_.resurrected_outcome = "ABORTED";
  script_.fail_first = 0;
  end_at(now());
}

void scripted_execution::migrate() {
  listener_.on_restart(run_, restart_reason::migration);
}

void scripted_execution::reboot() {
  listener_.on_restart(run_, restart_reason::reboot);
}

void scripted_execution::connect_events(const http::exchange_ptr& exchange) {
  refuse_events(exchange);
}

std::string scripted_execution::url() const {
  return {};
}

container_usage scripted_execution::usage() const {
  return {};
}

} // namespace orc::emulator
