#pragma once

#include <functional>
#include <thread>

namespace orc::app {

/// Calls a function on a thread of its own at the first SIGUSR1. At most one
/// may live at a time.
class leave_signal {
public:
  explicit leave_signal(std::function<void()> f);
  ~leave_signal();

  leave_signal(const leave_signal&) = delete;
  leave_signal& operator=(const leave_signal&) = delete;

private:
  std::thread watcher_;
};

} // namespace orc::app
