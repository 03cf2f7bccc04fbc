#include "transport/bus/call_deadline.hpp"

#include <csignal>
#include <unistd.h>

namespace orc::bus {

namespace {

/// A signal may come just before the thread begins to wait.
constexpr std::chrono::milliseconds again{100};

/// Nobody else uses it: no library, and no shell sends it by a name.
int interruption() {
  return SIGRTMIN + 5;
}

extern "C" void on_interruption(int) {
  // That it came is all: what waits is interrupted.
}

void install_handler() {
  struct sigaction action {};
  action.sa_handler = on_interruption;
  // Without SA_RESTART, else calls would go on.
  sigaction(interruption(), &action, nullptr);
}

void let_through() {
  sigset_t only{};
  sigemptyset(&only);
  sigaddset(&only, interruption());
  pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
}

timespec spec_of(std::chrono::milliseconds x) {
  return {static_cast<std::time_t>(x.count() / 1000),
          static_cast<long>(x.count() % 1000 * 1'000'000)};
}

} // namespace

call_deadline::call_deadline(std::chrono::milliseconds patience)
  : end_{std::chrono::steady_clock::now() + patience} {
  static const auto once = (install_handler(), true);
  (void)once;
  let_through();
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = interruption();
  event._sigev_un._tid = gettid();
  is_set_ = timer_create(CLOCK_MONOTONIC, &event, &timer_) == 0;
  if (!is_set_)
    return;
  itimerspec when{spec_of(again), spec_of(patience)};
  timer_settime(timer_, 0, &when, nullptr);
}

call_deadline::~call_deadline() {
  if (is_set_)
    timer_delete(timer_);
}

bool call_deadline::is_over() const {
  return std::chrono::steady_clock::now() >= end_;
}

} // namespace orc::bus
