// How TASKS hands out one task for each token, however often it is asked.

#include "actors/task/tasks.hpp"

#include <utility>

namespace orc {

void tasks_state::acquire_once(const acquire_task& x, tasks_promise promise) {
  // No other step comes in between.
  self_->request(store_, caf::infinite, find_token{x.token})
    .await(
      [this, x, promise](const found_token& made) mutable {
        // Who asks again does not wait twice.
        send_away(waiters_.remove_token(x.channel, x.token));
        if (made.number)
          hand_out_again(x, *made.number, made.at, promise);
        else
          acquire_now(x, promise);
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
}

/// The worker has it still, for another lease; or it was taken back meanwhile,
/// and then there is nothing to have under this token any more.
void tasks_state::hand_out_again(const acquire_task& x, task_book::key_type key,
                                 timestamp since, tasks_promise promise) {
  let_time_pass();
  if (!book_.has(key) || book_.check_lease(key, x.worker)
      || book_.leased_at(key) != since)
    return static_cast<void>(promise.deliver(stored_tasks{}));
  change_tasks out;
  book_.extend(key, x.lease.count() > 0 ? x.lease : config_.lease, out);
  hand_out(key, std::move(out), promise);
}

} // namespace orc
