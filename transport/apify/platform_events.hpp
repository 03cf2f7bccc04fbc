#pragma once

#include "messages/platform.hpp"

#include <functional>
#include <memory>
#include <string>

namespace orc {

class io_runtime;

/// Listens to the events WebSocket of the run that we ourselves are, for as
/// long as it lives.
class platform_events {
public:
  /// Called on the runtime with each event that is not `other`.
  using callback = std::function<void(const platform_event&)>;

  /// Starts to connect.
  /// @param url as in ACTOR_EVENTS_WEBSOCKET_URL; what is no such URL is logged
  ///        and never connected to.
  platform_events(io_runtime& runtime, const std::string& url, callback f);

  /// Closes it; must not be called from the runtime.
  ~platform_events();

  platform_events(const platform_events&) = delete;
  platform_events& operator=(const platform_events&) = delete;

private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

} // namespace orc
