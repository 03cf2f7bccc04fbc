#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
} // namespace boost::asio

namespace orc {

/// Owns the threads on which sockets and timers live. Everything that is posted
/// to a runtime of one thread runs in order, so that code on it needs no locks.
///
/// @note Members may be called from any thread.
class io_runtime {
public:
  /// Starts `threads` threads.
  explicit io_runtime(std::size_t threads = 1);

  /// Calls `stop`.
  ~io_runtime();

  io_runtime(const io_runtime&) = delete;
  io_runtime& operator=(const io_runtime&) = delete;

  /// Runs `task` on a thread of the runtime, soon, never inside this call.
  void post(std::function<void()> task);

  /// Drops what is still outstanding and joins the threads. Idempotent; must
  /// not be called from a thread of the runtime.
  void stop();

  boost::asio::io_context& context() noexcept;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// Calls a function once, later, on a thread of its runtime. Destroying it
/// cancels the call; on a runtime of one thread, a cancelled call never runs if
/// it is cancelled from that thread.
class io_timer {
public:
  explicit io_timer(io_runtime& runtime);
  ~io_timer();

  io_timer(io_timer&&) noexcept;
  io_timer& operator=(io_timer&&) noexcept;

  /// Calls `task` after `delay`, in place of what was planned before.
  void start(std::chrono::milliseconds delay, std::function<void()> task);

  void cancel();

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace orc
