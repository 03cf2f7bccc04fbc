#pragma once

#include <chrono>
#include <ctime>

namespace orc::bus {

/// Ends system calls in which this thread waits when their time is over: each
/// fails as if interrupted, again and again, until this object is gone.
///
/// For calls into libraries that wait without an end and hide what they wait
/// for. libnats gives a server any time it likes for the handshake of TLS, on a
/// socket that nobody else knows.
class call_deadline {
public:
  explicit call_deadline(std::chrono::milliseconds patience);

  ~call_deadline();

  call_deadline(const call_deadline&) = delete;
  call_deadline& operator=(const call_deadline&) = delete;

  bool is_over() const;

private:
  std::chrono::steady_clock::time_point end_;
  timer_t timer_{};
  bool is_set_ = false;
};

} // namespace orc::bus
