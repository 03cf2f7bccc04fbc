#include "actors/run/run_lifecycle.hpp"

#include "actors/run/cost.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

std::chrono::milliseconds retry_policy::after(std::size_t attempts) const {
  auto wait = first;
  for (std::size_t i = 1; i < attempts && wait < longest; ++i)
    wait *= 2;
  return std::min(wait, longest);
}

run_lifecycle::run_lifecycle(run_record record) : record_{std::move(record)} {
  // nop
}

std::string run_lifecycle::run_id() const {
  const auto& attempts = record_.view.attempts;
  return attempts.empty() ? std::string{} : attempts.back().run_id.value_or("");
}

run_lifecycle::step run_lifecycle::next() const {
  switch (record_.view.state) {
    case run_state::queued:
      if (record_.intent)
        return step::take_up;
      if (record_.abort_requested)
        return step::cancel;
      return record_.resurrect ? step::resurrect : step::start;
    case run_state::starting:
      return step::reconcile;
    case run_state::running:
      return step::watch;
    default:
      return step::none;
  }
}

void run_lifecycle::begin_start(start_intent intent) {
  record_.intent = std::move(intent);
  record_.not_before.reset();
  take_up_start();
}

void run_lifecycle::take_up_start() {
  auto& view = record_.view;
  auto number = static_cast<std::uint32_t>(view.attempts.size() + 1);
  view.attempts.emplace_back().number = number;
  view.state = run_state::starting;
  view.status.reset();
  view.run_id.reset();
  view.reason.reset();
  view.error.reset();
}

void run_lifecycle::withdraw_start() {
  drop_attempt();
  record_.intent.reset();
}

void run_lifecycle::drop_attempt() {
  auto& view = record_.view;
  view.attempts.pop_back();
  view.state = run_state::queued;
  if (view.attempts.empty())
    return;
  view.status = view.attempts.back().status;
  view.run_id = view.attempts.back().run_id;
}

void run_lifecycle::started(const remote_run& remote) {
  last().run_id = remote.id;
  last().started_at = remote.started_at;
  adopt(remote);
}

void run_lifecycle::not_ours(start_intent intent) {
  attempt again;
  again.number = last().number;
  again.reserved_usd = last().reserved_usd;
  last() = std::move(again);
  auto& view = record_.view;
  view.state = run_state::starting;
  view.status.reset();
  view.run_id.reset();
  view.dataset_id.reset();
  view.key_value_store_id.reset();
  record_.intent = std::move(intent);
}

void run_lifecycle::resurrected(const remote_run& remote) {
  last().resurrections
    = std::max(last().resurrections + 1, remote.resurrect_count);
  last().finished_at.reset();
  last().exit_code.reset();
  record_.resurrect = false;
  adopt(remote);
}

bool run_lifecycle::noticed(const remote_run& remote) {
  auto& view = record_.view;
  // Lists tell no message, and may be older than what was known.
  auto moved = last().status < remote.status;
  auto said = remote.status_message && view.reason != remote.status_message;
  if (moved)
    view.status = last().status = remote.status;
  if (said)
    view.reason = remote.status_message;
  return moved || said;
}

void run_lifecycle::reserved(std::optional<double> usd) {
  last().reserved_usd = usd;
}

void run_lifecycle::give_up_resurrection() {
  record_.resurrect = false;
}

void run_lifecycle::refused(run_error why, timestamp now) {
  if (record_.view.state == run_state::starting)
    drop_attempt();
  record_.view.error = std::move(why);
  finish(run_state::refused, now);
}

void run_lifecycle::lost(timestamp now) {
  record_.view.error = run_error{
    "run-lost",
    fmt::format("The platform no longer knows the run {}.", run_id())};
  finish(run_state::lost, now);
}

void run_lifecycle::cancelled(timestamp now) {
  if (record_.view.state == run_state::starting)
    withdraw_start();
  record_.view.error
    = run_error{to_string(ec::aborted), "Aborted before it was started."};
  finish(run_state::cancelled, now);
}

void run_lifecycle::abort_requested() {
  record_.abort_requested = true;
}

void run_lifecycle::counted(std::uint64_t items) {
  record_.view.item_count = items;
}

void run_lifecycle::saving() {
  ++record_.revision;
}

attempt& run_lifecycle::last() {
  return record_.view.attempts.back();
}

void run_lifecycle::adopt(const remote_run& remote) {
  auto& view = record_.view;
  last().status = remote.status;
  last().migrations = remote.migration_count;
  last().reboots = remote.reboot_count;
  last().restarts = remote.restart_count;
  view.state = run_state::running;
  view.status = remote.status;
  view.run_id = remote.id;
  view.reason = remote.status_message;
  view.error.reset();
  if (!view.started_at)
    view.started_at = remote.started_at;
  if (remote.memory) {
    view.memory = remote.memory;
    last().memory = remote.memory;
  }
  if (!remote.dataset_id.empty())
    view.dataset_id = remote.dataset_id;
  if (!remote.key_value_store_id.empty())
    view.key_value_store_id = remote.key_value_store_id;
  record_.intent.reset();
}

void run_lifecycle::finish(run_state state, timestamp now) {
  auto& view = record_.view;
  view.state = state;
  view.finished_at = now;
  view.reason.reset();
  record_.not_before.reset();
  record_.resurrect = false;
  view.usage_total_usd = cost_of(view);
}

} // namespace orc
