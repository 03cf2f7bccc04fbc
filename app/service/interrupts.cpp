#include "app/service/interrupts.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace orc::app {

namespace {

// A handler instead of a signal mask: programs that we start would inherit a
// mask and be deaf to SIGTERM.
std::array<int, 2> wake_pipe{-1, -1};
std::atomic<int> signals_seen = 0;
static_assert(std::atomic<int>::is_always_lock_free);

constexpr char stop_watching = 'x';
constexpr char hang_up = 'h';
constexpr char terminal_gone = 't';

extern "C" void on_signal(int) {
  if (signals_seen++ > 0)
    _exit(130);
  auto saved = errno;
  // Nothing can be done about a full pipe, and it has few bytes.
  [[maybe_unused]] auto written = write(wake_pipe[1], "s", 1);
  errno = saved;
}

extern "C" void on_hangup(int) {
  auto saved = errno;
  [[maybe_unused]] auto written = write(wake_pipe[1], &hang_up, 1);
  errno = saved;
}

// The shell and the kernel both tell of it: the second one is no second wish.
extern "C" void on_closed_terminal(int) {
  auto saved = errno;
  [[maybe_unused]] auto written = write(wake_pipe[1], &terminal_gone, 1);
  errno = saved;
}

/// What is printed to a terminal that is gone fails, and goes nowhere instead.
void leave_terminal() {
  auto nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (auto number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (isatty(number) != 0 || errno == EIO)
      dup2(nowhere, number);
  close(nowhere);
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigaction(signal, &action, nullptr);
}

/// @returns whether SIGHUP is nothing to this process, as below `nohup`.
bool ignores_hangups() {
  struct sigaction known {};
  sigaction(SIGHUP, nullptr, &known);
  return known.sa_handler == SIG_IGN;
}

} // namespace

interrupts::interrupts() {
  if (pipe2(wake_pipe.data(), O_CLOEXEC) != 0)
    throw std::system_error{errno, std::generic_category(), "pipe"};
  signals_seen = 0;
  watcher_ = std::thread{[this] { watch(); }};
  handle(SIGINT, on_signal);
  handle(SIGTERM, on_signal);
  if (!ignores_hangups())
    handle(SIGHUP, on_closed_terminal);
}

interrupts::~interrupts() {
  [[maybe_unused]] auto written = write(wake_pipe[1], &stop_watching, 1);
  watcher_.join();
  // The handler stays: a signal that comes while the process ends must not
  // make a killed one of one that did its work.
  for (auto& end : wake_pipe)
    close(std::exchange(end, -1));
}

void interrupts::on_request(std::function<void()> f) {
  std::unique_lock guard{mutex_};
  if (!requested_) {
    callback_ = std::move(f);
    return;
  }
  guard.unlock();
  if (f)
    f();
}

void interrupts::wait() {
  requested_.wait(false);
}

void interrupts::take_hangups() {
  handle(SIGHUP, on_hangup);
}

bool interrupts::wait_for_hangup() {
  while (true) {
    auto seen = news_.load();
    if (requested_)
      return false;
    if (hung_up_.exchange(false))
      return true;
    news_.wait(seen);
  }
}

void interrupts::request() {
  std::lock_guard guard{mutex_};
  requested_ = true;
  requested_.notify_all();
  ++news_;
  news_.notify_all();
  // Under the lock: whoever takes a callback back may rely on it.
  if (callback_)
    callback_();
  callback_ = nullptr;
}

void interrupts::watch() {
  char byte = 0;
  while (read(wake_pipe[0], &byte, 1) == 1 && byte != stop_watching) {
    if (byte == terminal_gone)
      leave_terminal();
    if (byte != hang_up) {
      request();
      continue;
    }
    hung_up_ = true;
    ++news_;
    news_.notify_all();
  }
}

} // namespace orc::app
