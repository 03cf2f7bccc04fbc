#pragma once

#include "app/config/environment.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace orc::app {

/// Tells the service manager that started us how we are doing, by systemd's
/// protocol: a datagram of `NAME=value` lines to the socket that
/// `NOTIFY_SOCKET` names, see sd_notify(3). Without that variable all of it
/// does nothing. May be used from any thread.
class notifier {
public:
  explicit notifier(const environment& env);
  ~notifier();

  notifier(const notifier&) = delete;
  notifier& operator=(const notifier&) = delete;

  /// @returns whether anybody listens.
  bool is_listened_to() const noexcept {
    return socket_ >= 0;
  }

  /// @returns how often the service manager wants to hear `beat`, if at all;
  ///          it ends us if it does not.
  std::optional<std::chrono::microseconds> watchdog() const noexcept {
    return watchdog_;
  }

  void ready(std::string_view status) const;

  /// We read our configuration again, until `ready`.
  void reloading() const;

  void stopping() const;

  /// We live. Says nothing where nobody asked for it.
  void beat() const;

  /// What `systemctl status` shows.
  void status(std::string_view text) const;

  /// Stands behind every status from now on.
  void note(std::string text);

  /// What goes on may take so much longer from now on.
  void extend(std::chrono::microseconds by) const;

private:
  void send(const std::string& lines) const;
  std::string status_line(std::string_view text) const;

  mutable std::mutex mutex_;
  std::string note_;
  int socket_ = -1;
  std::string address_;
  std::optional<std::chrono::microseconds> watchdog_;
};

} // namespace orc::app
