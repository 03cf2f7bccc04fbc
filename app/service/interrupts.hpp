#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

namespace orc::app {

/// Watches for SIGINT and SIGTERM: the first one asks to stop, the second one
/// ends the process at once with exit code 130. SIGHUP asks to stop, too, as
/// when a terminal is closed, unless it is ignored as below `nohup`; if wished
/// it asks to read the configuration again. At most one may live at a time.
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

  /// From now on SIGHUP does not stop the process.
  void take_hangups();

  /// Blocks until the next SIGHUP, or until the process is asked to stop.
  /// @returns whether it was SIGHUP. Those that come close together count as
  ///          one.
  bool wait_for_hangup();

private:
  void watch();

  std::atomic<bool> requested_ = false;
  std::atomic<bool> hung_up_ = false;
  /// Grows with each of them.
  std::atomic<std::uint32_t> news_ = 0;
  std::mutex mutex_;
  std::function<void()> callback_;
  std::thread watcher_;
};

} // namespace orc::app
