#pragma once

#include "messages/base/timestamp.hpp"

#include <chrono>
#include <optional>

namespace orc {

/// When the tracker of a batch is called: at once, then an interval after each
/// call has returned.
class walk_tracker {
public:
  walk_tracker() = default;

  walk_tracker(std::chrono::milliseconds interval, timestamp now)
    : interval_{interval}, due_{now} {
    // nop
  }

  bool is_due(timestamp now) const {
    return due_ && *due_ <= now;
  }

  std::optional<timestamp> due() const {
    return due_;
  }

  void begin() {
    due_.reset();
  }

  void returned(timestamp now) {
    due_ = now + interval_;
  }

private:
  std::chrono::milliseconds interval_{0};
  std::optional<timestamp> due_;
};

} // namespace orc
