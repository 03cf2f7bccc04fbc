#pragma once

#include "messages/base/timestamp.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace orc {

/// Waits longer after each failure, until something works. Failures that come
/// while it waits belong to the burst that made it wait: they count once.
class backoff {
public:
  constexpr backoff(std::chrono::milliseconds shortest,
                    std::chrono::milliseconds longest) noexcept
    : shortest_{shortest}, longest_{longest}, next_{shortest} {
    // nop
  }

  /// @param jitter 0 to 1: how much longer to wait, so that many who failed
  /// together do not come back together.
  void failed(timestamp now, double jitter = 0) {
    if (holds(now))
      return;
    auto wait = static_cast<double>(next_.count()) * (1 + jitter);
    until_ = now + std::chrono::milliseconds{static_cast<std::int64_t>(wait)};
    next_ = std::min(next_ * 2, longest_);
  }

  /// The next wait is a short one again.
  void worked() {
    next_ = shortest_;
  }

  /// Ends the wait, but remembers how long the next one is.
  void lift() {
    until_ = {};
  }

  bool holds(timestamp now) const {
    return now < until_;
  }

  timestamp until() const {
    return until_;
  }

private:
  std::chrono::milliseconds shortest_;
  std::chrono::milliseconds longest_;
  std::chrono::milliseconds next_;
  timestamp until_;
};

} // namespace orc
