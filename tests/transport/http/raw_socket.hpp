#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace orc::http::test {

/// How long a test waits for what must happen.
constexpr std::chrono::seconds patience{10};

/// A blocking TCP connection that says exactly what a test wants it to say.
class raw_socket {
public:
  raw_socket() = default;

  /// Takes over a socket.
  explicit raw_socket(int fd) : fd_{fd} {
    // nop
  }

  raw_socket(raw_socket&& other) noexcept;
  raw_socket& operator=(raw_socket&& other) noexcept;
  ~raw_socket();

  /// Connects to a port of this machine.
  static raw_socket to(std::uint16_t port);

  /// @returns whether all was sent.
  bool send(std::string_view text);

  /// Reads until the peer closes or `patience` is over.
  std::string read_all();

  /// Reads until what was read contains `text`; fails the test if it never
  /// does.
  std::string read_until(std::string_view text);

  /// Reads exactly `n` bytes.
  std::string read_bytes(std::size_t n);

  /// Reads one message: a head, and a body of its `Content-Length`.
  std::string read_message();

  /// Waits until the peer has closed its end.
  /// @returns whether it has.
  bool wait_closed();

  /// Tells the peer that nothing will follow.
  void shut_down();

  /// Sends a reset instead of an orderly end.
  void reset();

  void close();

  bool is_open() const noexcept {
    return fd_ >= 0;
  }

  int fd() const noexcept {
    return fd_;
  }

private:
  /// @returns false at the end.
  bool fill();

  int fd_ = -1;
  std::string input_;
};

/// A server that plays a script on each connection, one after the other.
class scripted_server {
public:
  /// @param index counts the connections from 0.
  using script = std::function<void(raw_socket& peer, int index)>;

  explicit scripted_server(script play);
  ~scripted_server();

  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  std::uint16_t port() const noexcept {
    return port_;
  }

private:
  int fd_ = -1;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

/// Polls until `condition` holds.
/// @returns whether it did within `patience`.
bool eventually(const std::function<bool()>& condition);

} // namespace orc::http::test
