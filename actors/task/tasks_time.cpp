// What time brings: tasks for those who wait, and ends of waiting.

#include "actors/task/tasks.hpp"

#include <algorithm>
#include <utility>

namespace orc {

namespace {

/// However far away the next task is: clocks are set.
constexpr std::chrono::milliseconds longest_nap{60'000};

} // namespace

void tasks_state::serve_waiters() {
  if (unreadable_)
    return;
  for (const auto& channel : book_.take_new_channels())
    for (const auto& sink : channel_sinks_)
      self_->send(sink, channel_seen{channel});
  for (auto news = book_.take_news(); !news.empty(); news = book_.take_news())
    for (const auto& channel : news) {
      serve_channel(channel);
      tell_watchers(channel);
    }
}

void tasks_state::serve_channel(const std::string& channel) {
  while (auto waiter = waiters_.take(channel)) {
    let_time_pass();
    change_tasks out;
    if (auto key = take(waiter->request, out)) {
      hand_out(*key, std::move(out), waiter->promise);
      continue;
    }
    waiters_.put_back(std::move(*waiter));
    book_.await(channel);
    return;
  }
}

void tasks_state::dismiss(const stop_waiting& x) {
  send_away(waiters_.remove(x.channel, x.worker));
}

void tasks_state::send_away(std::vector<task_waiters::waiter> xs) {
  for (auto& x : xs) {
    x.promise.deliver(stored_tasks{});
    stop_awaiting(x.request.channel);
  }
}

void tasks_state::stop_awaiting(const std::string& channel) {
  if (!waiters_.has(channel) && !watchers_.has(channel))
    book_.stop_awaiting(channel);
}

void tasks_state::tick() {
  tick_at_.reset();
  send_away(waiters_.expire(now()));
  answer_all(watchers_.expire(now()));
  let_time_pass();
  serve_waiters();
  plan_tick();
}

void tasks_state::plan_tick() {
  auto due = unreadable_ ? std::nullopt : book_.next_due();
  for (auto end : {waiters_.next_end(), watchers_.next_end()})
    if (end && (!due || *end < *due))
      due = end;
  if (!due || (tick_at_ && *tick_at_ <= *due))
    return;
  auto nap
    = std::clamp(*due - now(), std::chrono::milliseconds{0}, longest_nap);
  tick_at_ = now() + nap;
  self_->delayed_send(self_, nap, tasks_tick{++last_tick_});
}

} // namespace orc
