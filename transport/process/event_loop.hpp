#pragma once

#include "transport/process/spawn.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace orc {

/// One thread that waits for files to become readable and for tasks. It sleeps
/// as long as there is neither.
class event_loop {
public:
  using clock = std::chrono::steady_clock;

  /// @param work called on the thread after all that woke it up.
  /// @returns when it wants to be called next, or nothing.
  explicit event_loop(std::function<std::optional<clock::time_point>()> work);

  /// Ends the thread.
  ~event_loop();

  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;

  /// Runs a task on the thread.
  void post(std::function<void()> task);

  /// Wakes the thread up when a file becomes readable, until it is closed.
  void watch(int fd);

private:
  void run();
  void run_tasks();

  std::function<std::optional<clock::time_point>()> work_;
  owned_fd epoll_;
  owned_fd wake_;
  std::mutex mutex_;
  std::vector<std::function<void()>> tasks_;
  bool ends_ = false;
  std::thread thread_;
};

} // namespace orc
