#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

namespace orc::app {

/// Watches for SIGINT and SIGTERM: the first one asks to stop, the second one
/// ends the process at once with exit code 130. At most one may live at a time.
class interrupts {
public:
  interrupts();
  ~interrupts();

  interrupts(const interrupts&) = delete;
  interrupts& operator=(const interrupts&) = delete;

  /// @returns whether the process was asked to stop.
  bool requested() const noexcept {
    return requested_;
  }

  /// Calls `f` on a thread of its own at the first signal, at once if there was
  /// one; in place of what was to be called before. Nothing is called by an
  /// empty function.
  void on_request(std::function<void()> f);

  /// Does what the first signal does.
  void request();

  /// Blocks until the first signal.
  void wait();

private:
  void watch();

  std::atomic<bool> requested_ = false;
  std::mutex mutex_;
  std::function<void()> callback_;
  std::thread watcher_;
};

} // namespace orc::app
