#include "tests/transport/http/raw_socket.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <array>
#include <poll.h>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace orc::http::test {

namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  result.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return result;
}

constexpr int patience_ms
  = static_cast<int>(std::chrono::milliseconds{patience}.count());

} // namespace

raw_socket::raw_socket(raw_socket&& other) noexcept
  : fd_{std::exchange(other.fd_, -1)}, input_{std::move(other.input_)} {
  // nop
}

raw_socket& raw_socket::operator=(raw_socket&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(input_, other.input_);
  return *this;
}

raw_socket::~raw_socket() {
  close();
}

raw_socket raw_socket::to(std::uint16_t port) {
  raw_socket result{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  auto address = loopback(port);
  if (::connect(result.fd_, reinterpret_cast<sockaddr*>(&address),
                sizeof(address))
      != 0)
    throw std::runtime_error("cannot connect");
  return result;
}

bool raw_socket::send(std::string_view text) {
  while (!text.empty()) {
    auto n = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
    if (n <= 0)
      return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool raw_socket::fill() {
  pollfd waiting{fd_, POLLIN, 0};
  if (::poll(&waiting, 1, patience_ms) != 1)
    throw std::runtime_error("nothing to read, got so far: " + input_);
  std::array<char, 65536> buffer;
  auto n = ::recv(fd_, buffer.data(), buffer.size(), 0);
  if (n <= 0)
    return false;
  input_.append(buffer.data(), static_cast<std::size_t>(n));
  return true;
}

std::string raw_socket::read_all() {
  while (fill())
    continue;
  return std::exchange(input_, {});
}

std::string raw_socket::read_until(std::string_view text) {
  while (input_.find(text) == std::string::npos)
    if (!fill())
      throw std::runtime_error("closed too early, got: " + input_);
  return read_bytes(input_.find(text) + text.size());
}

std::string raw_socket::read_bytes(std::size_t n) {
  while (input_.size() < n)
    if (!fill())
      throw std::runtime_error("closed too early, got: " + input_);
  auto result = input_.substr(0, n);
  input_.erase(0, n);
  return result;
}

std::string raw_socket::read_message() {
  auto head = read_until("\r\n\r\n");
  auto field = head.find("Content-Length: ");
  if (field == std::string::npos)
    return head;
  return head + read_bytes(std::stoul(head.substr(field + 16)));
}

bool raw_socket::wait_closed() {
  while (fill())
    continue;
  return true;
}

void raw_socket::shut_down() {
  ::shutdown(fd_, SHUT_WR);
}

void raw_socket::reset() {
  linger now{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  close();
}

void raw_socket::close() {
  if (fd_ >= 0)
    ::close(std::exchange(fd_, -1));
}

scripted_server::scripted_server(script play)
  : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  auto address = loopback(0);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(fd_, generic, size) != 0 || ::listen(fd_, 128) != 0
      || ::getsockname(fd_, generic, &size) != 0)
    throw std::runtime_error("cannot listen");
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread{[fd = fd_, play = std::move(play)] {
    for (int index = 0;; ++index) {
      raw_socket peer{::accept4(fd, nullptr, nullptr, SOCK_CLOEXEC)};
      if (!peer.is_open())
        return;
      try {
        play(peer, index);
      } catch (const std::runtime_error&) {
        // The client has gone: the test sees why.
      }
    }
  }};
}

scripted_server::~scripted_server() {
  ::shutdown(fd_, SHUT_RDWR);
  thread_.join();
  ::close(fd_);
}

bool eventually(const std::function<bool()>& condition) {
  auto end = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return true;
}

} // namespace orc::http::test
