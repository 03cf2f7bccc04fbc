#include "app/service/event_feed.hpp"

#include "app/service/service.hpp"
#include "embedding/ask.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <condition_variable>
#include <mutex>
#include <utility>

namespace orc::app {

struct event_feed::queue {
  std::mutex mutex;
  std::condition_variable filled;
  std::vector<run_event> events;
  bool woken = false;

  void add(const run_event& x) {
    {
      std::lock_guard guard{mutex};
      events.push_back(x);
    }
    filled.notify_one();
  }
};

event_feed::event_feed(service& source) : queue_{std::make_shared<queue>()} {
  sink_ = source.system().spawn(
    [queue = queue_](event_sink::pointer) -> event_sink::behavior_type {
      return {[queue](const run_event& x) { queue->add(x); }};
    });
  subscribe_events request;
  request.sink = sink_;
  caf::anon_send(source.events(), request);
}

event_feed::~event_feed() {
  caf::anon_send_exit(sink_, caf::exit_reason::user_shutdown);
}

std::vector<run_event> event_feed::take(std::chrono::milliseconds at_most) {
  std::unique_lock guard{queue_->mutex};
  queue_->filled.wait_for(guard, at_most, [this] {
    return queue_->woken || !queue_->events.empty();
  });
  queue_->woken = false;
  return std::exchange(queue_->events, {});
}

void event_feed::wake() {
  {
    std::lock_guard guard{queue_->mutex};
    queue_->woken = true;
  }
  queue_->filled.notify_one();
}

} // namespace orc::app
