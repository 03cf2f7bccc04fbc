#pragma once

#include "messages/event.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace orc::app {

class service;

/// Brings the events of a service to a thread that is no actor.
class event_feed {
public:
  /// Subscribes to all events from now on.
  explicit event_feed(service& source);

  ~event_feed();

  event_feed(const event_feed&) = delete;
  event_feed& operator=(const event_feed&) = delete;

  /// @returns what happened since the last call; waits for the first event, at
  ///          most so long, or until `wake`.
  std::vector<run_event> take(std::chrono::milliseconds at_most);

  /// Ends a `take` that waits. May be called from any thread.
  void wake();

private:
  struct queue;

  std::shared_ptr<queue> queue_;
  event_sink sink_;
};

} // namespace orc::app
