// What pools of local workers ask of TASKS.

#include "actors/task/tasks.hpp"

#include <algorithm>

namespace orc {

channel_loads
tasks_state::loads_of(const std::vector<std::string>& channels) const {
  channel_loads result;
  for (const auto& x : channels)
    result.channels.push_back(book_.load_of(x));
  return result;
}

caf::result<channel_loads> tasks_state::loads(const get_loads& x) {
  let_time_pass();
  serve_waiters();
  auto result = loads_of(x.channels);
  auto is_ready = [](const channel_load& y) { return y.ready > 0; };
  if (x.wait.count() == 0
      || std::any_of(result.channels.begin(), result.channels.end(), is_ready))
    return result;
  auto promise = self_->make_response_promise<channel_loads>();
  watchers_.add({x.channels, promise, now() + x.wait});
  for (const auto& channel : x.channels)
    book_.await(channel);
  plan_tick();
  return promise;
}

caf::result<lost_tasks> tasks_state::lose(const lose_worker& x) {
  auto promise = self_->make_response_promise<lost_tasks>();
  // Nobody would take what it is given.
  send_away(waiters_.remove_all(x.worker));
  let_time_pass();
  change_tasks out;
  auto lost = book_.lose(x, out);
  if (out.changes.empty()) {
    promise.deliver(lost_tasks{});
    return promise;
  }
  show_changed(out);
  commit(
    std::move(out),
    [this, promise, count = lost.size()](stored_tasks& shown) mutable {
      for (const auto& task : shown.tasks)
        tell_task("task:update", task);
      promise.deliver(lost_tasks{count});
    },
    [promise](const caf::error& err) mutable { promise.deliver(err); });
  serve_waiters();
  plan_tick();
  return promise;
}

channel_loads tasks_state::set_rules(const set_channel_rules& x) {
  if (x.serial)
    serial_channels_.insert(x.channel);
  else
    serial_channels_.erase(x.channel);
  book_.set_serial(x.channel, x.serial);
  return loads_of({x.channel});
}

void tasks_state::tell_watchers(const std::string& channel) {
  if (!watchers_.has(channel))
    return;
  if (book_.load_of(channel).ready == 0)
    // A worker that waited has it already.
    return book_.await(channel);
  answer_all(watchers_.take(channel));
}

void tasks_state::answer_all(std::vector<load_watchers::watcher> xs) {
  for (auto& x : xs) {
    x.promise.deliver(loads_of(x.channels));
    for (const auto& channel : x.channels)
      stop_awaiting(channel);
  }
}

} // namespace orc
