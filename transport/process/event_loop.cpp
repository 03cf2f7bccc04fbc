#include "transport/process/event_loop.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace orc {

event_loop::event_loop(std::function<std::optional<clock::time_point>()> work)
  : work_{std::move(work)}, epoll_{::epoll_create1(EPOLL_CLOEXEC)},
    wake_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
  if (!epoll_ || !wake_)
    throw std::system_error{errno, std::generic_category(), "epoll"};
  watch(wake_.get());
  thread_ = std::thread{[this] { run(); }};
}

event_loop::~event_loop() {
  post([this] { ends_ = true; });
  thread_.join();
}

void event_loop::post(std::function<void()> task) {
  std::lock_guard guard{mutex_};
  tasks_.push_back(std::move(task));
  std::uint64_t one = 1;
  [[maybe_unused]] auto n = ::write(wake_.get(), &one, sizeof one);
}

void event_loop::watch(int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
}

void event_loop::run() {
  std::optional<clock::time_point> due;
  while (!ends_) {
    auto timeout = -1;
    if (due) {
      auto left
        = std::chrono::ceil<std::chrono::milliseconds>(*due - clock::now());
      timeout = static_cast<int>(
        std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
    }
    std::array<epoll_event, 16> events{};
    ::epoll_wait(epoll_.get(), events.data(), events.size(), timeout);
    run_tasks();
    due = work_();
  }
}

void event_loop::run_tasks() {
  std::uint64_t count = 0;
  [[maybe_unused]] auto n = ::read(wake_.get(), &count, sizeof count);
  std::vector<std::function<void()>> tasks;
  {
    std::lock_guard guard{mutex_};
    tasks.swap(tasks_);
  }
  for (auto& x : tasks)
    x();
}

} // namespace orc
