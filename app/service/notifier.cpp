#include "app/service/notifier.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <tuple>
#include <unistd.h>
#include <utility>

namespace orc::app {

namespace {

template <class T>
std::optional<T> number(const std::optional<std::string>& text) {
  T result{};
  if (!text)
    return std::nullopt;
  auto last = text->data() + text->size();
  auto [end, err] = std::from_chars(text->data(), last, result);
  return err == std::errc{} && end == last ? std::optional{result}
                                           : std::nullopt;
}

/// Names of files, and abstract names, which begin with `@`.
bool is_address(const std::string& x) {
  return x.size() > 1 && (x[0] == '/' || x[0] == '@')
         && x.size() < sizeof(sockaddr_un::sun_path);
}

} // namespace

notifier::notifier(const environment& env) {
  address_ = env("NOTIFY_SOCKET").value_or("");
  if (!is_address(address_))
    return;
  socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  // A service manager that does not listen must not hold us up.
  timeval patience{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  auto meant = number<pid_t>(env("WATCHDOG_PID")).value_or(::getpid());
  auto micros = number<std::int64_t>(env("WATCHDOG_USEC"));
  if (meant == ::getpid() && micros && *micros > 0)
    watchdog_ = std::chrono::microseconds{*micros};
}

notifier::~notifier() {
  if (socket_ >= 0)
    ::close(socket_);
}

void notifier::ready(std::string_view text) const {
  send(fmt::format("READY=1\nMAINPID={}\n{}", ::getpid(), status_line(text)));
}

void notifier::reloading() const {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS=reading the "
                   "configuration again",
                   now.tv_sec * 1'000'000 + now.tv_nsec / 1'000));
}

void notifier::stopping() const {
  send("STOPPING=1\nSTATUS=stopping");
}

void notifier::beat() const {
  if (watchdog_)
    send("WATCHDOG=1");
}

void notifier::status(std::string_view text) const {
  send(status_line(text));
}

void notifier::note(std::string text) {
  std::lock_guard guard{mutex_};
  note_ = std::move(text);
}

void notifier::extend(std::chrono::microseconds by) const {
  send(fmt::format("EXTEND_TIMEOUT_USEC={}", by.count()));
}

/// One line: the protocol ends a value at the end of the line.
std::string notifier::status_line(std::string_view text) const {
  std::lock_guard guard{mutex_};
  auto result
    = fmt::format("STATUS={}{}{}", text, note_.empty() ? "" : "; ", note_);
  std::replace(result.begin(), result.end(), '\n', ' ');
  return result;
}

void notifier::send(const std::string& lines) const {
  if (socket_ < 0)
    return;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, address_.data(), address_.size());
  // Abstract names have a NUL in front, and none behind.
  if (address_[0] == '@')
    to.sun_path[0] = '\0';
  auto size = offsetof(sockaddr_un, sun_path) + address_.size();
  // A service manager that is gone is nothing that we could do about.
  std::ignore = ::sendto(socket_, lines.data(), lines.size(), MSG_NOSIGNAL,
                         reinterpret_cast<const sockaddr*>(&to),
                         static_cast<socklen_t>(size));
}

} // namespace orc::app
