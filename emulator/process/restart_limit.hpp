#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

namespace orc::emulator {

/// The platform restarts a run after an error at most three times in a minute.
class restart_limit {
public:
  using clock = std::chrono::steady_clock;

  /// Counts a restart, if it may be.
  bool allow(clock::time_point when) {
    while (!restarts_.empty() && when - restarts_.front() >= window)
      restarts_.pop_front();
    if (restarts_.size() >= max_restarts)
      return false;
    restarts_.push_back(when);
    return true;
  }

private:
  static constexpr std::size_t max_restarts = 3;
  static constexpr std::chrono::seconds window{60};

  std::deque<clock::time_point> restarts_;
};

} // namespace orc::emulator
