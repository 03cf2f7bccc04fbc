#include "app/service/leave_signal.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <signal.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace orc::app {

namespace {

std::array<int, 2> wake_pipe{-1, -1};

extern "C" void on_leave(int) {
  auto saved = errno;
  [[maybe_unused]] auto written = ::write(wake_pipe[1], "s", 1);
  errno = saved;
}

void handle(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGUSR1, &action, nullptr);
}

} // namespace

leave_signal::leave_signal(std::function<void()> f) {
  if (::pipe2(wake_pipe.data(), O_CLOEXEC) != 0)
    throw std::system_error{errno, std::generic_category(), "pipe"};
  watcher_ = std::thread{[f = std::move(f)] {
    char byte = 0;
    if (::read(wake_pipe[0], &byte, 1) == 1 && byte == 's')
      f();
  }};
  handle(on_leave);
}

leave_signal::~leave_signal() {
  handle(SIG_IGN);
  [[maybe_unused]] auto written = ::write(wake_pipe[1], "x", 1);
  watcher_.join();
  for (auto& end : wake_pipe)
    ::close(std::exchange(end, -1));
}

} // namespace orc::app
