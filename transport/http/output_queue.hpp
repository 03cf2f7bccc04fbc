#pragma once

#include "transport/asio/net.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace orc::http {

/// The bytes that wait to be written to a socket, in order. Writes as far as
/// the socket takes them at once; most answers need no more than that.
class output_queue {
public:
  enum class status : std::uint8_t {
    drained,
    /// Flush again when the socket can be written to.
    blocked,
    /// Called from a callback: the flush that is under way goes on.
    busy,
    failed,
  };

  using callback = std::function<void(bool ok)>;

  /// @param socket must be non-blocking and outlive the queue.
  explicit output_queue(net::tcp_socket& socket) : socket_{socket} {
    // nop
  }

  /// @param done is called when both pieces are written, or will never be.
  void push(std::string head, std::string body = {}, callback done = {});

  /// Writes what it can.
  status flush();

  /// Drops what is left: calls the callbacks with `false`.
  void abandon();

  bool empty() const noexcept {
    return first_ == items_.size();
  }

private:
  struct item {
    std::string head;
    std::string body;
    callback done;
  };

  /// Makes one system call.
  net::error_code write_some();

  /// Removes `n` written bytes.
  void consume(std::size_t n);

  /// Removes and returns the first item.
  item pop();

  net::tcp_socket& socket_;
  std::vector<item> items_;
  /// Index of the first item that is not written, and how far it is.
  std::size_t first_ = 0;
  std::size_t offset_ = 0;
  bool flushing_ = false;
};

} // namespace orc::http
