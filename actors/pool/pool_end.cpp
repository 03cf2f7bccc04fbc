// How a POOL ends, what it shows, and the commands that it runs.

#include "actors/pool/pool.hpp"
#include "messages/base/log.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

constexpr logger log{"pool"};

/// What a host may take for its answer when a command has ended.
constexpr std::chrono::seconds patience{30};

} // namespace

// -- the end ------------------------------------------------------------------

caf::result<pool_ended> pool_state::add_waiter() {
  if (phase_ == phase::ended)
    return pool_ended{started_, ticks_, was_complete_};
  waiters_.push_back(self_->make_response_promise<pool_ended>());
  return waiters_.back();
}

caf::result<pool_ended> pool_state::stop() {
  auto result = add_waiter();
  finish(false);
  return result;
}

void pool_state::finish(bool complete) {
  if (phase_ != phase::starting && phase_ != phase::working)
    return;
  auto was_starting = phase_ == phase::starting;
  phase_ = phase::stopping;
  was_complete_ = complete;
  ++turn_;
  if (complete)
    say("all work complete");
  for (const auto& type : plan_->types())
    for (const auto& x : type.workers)
      stop_worker_of(x.id, false);
  if (!was_starting)
    end_if_alone();
}

void pool_state::end_if_alone() {
  if (phase_ != phase::stopping || busy_ > 0 || in_tick_
      || plan_->has_workers())
    return;
  phase_ = phase::closing;
  run("shutdown", plan_->settings().hooks.shutdown, [this] { conclude(); });
}

void pool_state::conclude() {
  phase_ = phase::ended;
  for (auto& x : std::exchange(waiters_, {}))
    x.deliver(pool_ended{started_, ticks_, was_complete_});
}

// -- tools --------------------------------------------------------------------

get_loads pool_state::question() const {
  get_loads result;
  for (const auto& x : plan_->settings().types)
    result.channels.push_back(x.channel);
  return result;
}

pool_view pool_state::view() const {
  pool_view result;
  const auto& is = plan_->settings();
  result.name = is.name;
  result.limit = is.limit;
  result.ticks = ticks_;
  result.started = started_;
  result.idle_ticks = plan_->idle_ticks();
  for (std::size_t i = 0; i < is.types.size(); ++i) {
    const auto& x = plan_->types()[i];
    pool_type shown{
      is.types[i].name, is.types[i].channel, x.load.ready, x.load.assigned,
      x.load.delayed,   is.types[i].limit,   {},           x.waits_until,
      x.problem};
    for (const auto& one : x.workers) {
      auto pid = std::find_if(pids_.begin(), pids_.end(),
                              [&](const auto& y) { return y.first == one.id; });
      shown.workers.push_back(
        {one.id, pid == pids_.end() ? 0 : pid->second, one.since});
    }
    result.types.push_back(std::move(shown));
  }
  return result;
}

void pool_state::run(const char* event, const std::vector<std::string>& command,
                     std::function<void()> then) {
  if (command.empty())
    return then();
  std::string queued;
  for (std::size_t i = 0; i < plan_->types().size(); ++i)
    queued += fmt::format("{}{}:{}", queued.empty() ? "" : ",",
                          json_quote(plan_->settings().types[i].name),
                          plan_->types()[i].load.ready);
  auto timeout = plan_->settings().hooks.timeout;
  run_hook x{command,
             {{"POOL_EVENT", event},
              {"POOL_NAME", plan_->settings().name},
              {"POOL_QUEUED", "{" + queued + "}"},
              {"POOL_WORKERS", std::to_string(plan_->worker_count())},
              {"POOL_COMPLETE", was_complete_ ? "1" : "0"}},
             timeout};
  self_->request(parts_.host, timeout + patience, std::move(x))
    .then(
      [event, then](const hook_ended& y) {
        if (!y.problem.empty())
          log.warn("hook-failed", "event={} problem=\"{}\"", event, y.problem);
        then();
      },
      [event, then](const caf::error& err) {
        log.warn("hook-failed", "event={} problem=\"{}\"", event,
                 message_of(err));
        then();
      });
}

void pool_state::say(const std::string& line) {
  if (parts_.say)
    parts_.say(line);
}

} // namespace orc
