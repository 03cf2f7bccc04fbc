#pragma once

#include "transport/asio/net.hpp"
#include "transport/http/server.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace orc::http {

class connection;

/// Accepts connections and keeps what they share: the options, the handler, the
/// list of all, the clock that ends those that take too long.
class listener : public std::enable_shared_from_this<listener> {
public:
  listener(net::asio::io_context& context, server_options options,
           server::handler handle);

  net::error_code listen();

  std::uint16_t port() const noexcept {
    return port_;
  }

  void drain();

  /// Returns when all connections are closed.
  void stop();

  // -- what connections call ------------------------------------------------

  const server_options& options() const noexcept {
    return options_;
  }

  bool draining() const noexcept {
    return draining_.load(std::memory_order_relaxed);
  }

  /// How many requests are not answered yet.
  std::atomic<std::size_t>& active() noexcept {
    return active_;
  }

  void handle(const exchange_ptr& request) const {
    handle_(request);
  }

  /// @returns the response for an error that the server itself finds.
  response make_error(int status, std::string_view message) const;

  /// Forgets a closed connection.
  void remove(connection* closed);

private:
  using acceptor = net::asio::basic_socket_acceptor<net::tcp, net::strand>;

  void accept();
  void on_accept(net::error_code ec, net::tcp_socket socket);
  void add(net::tcp_socket socket);
  void retry_accept();
  void sweep();
  void close_acceptor();

  net::asio::io_context& context_;
  server_options options_;
  server::handler handle_;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> active_{0};
  std::atomic<bool> draining_{false};

  // -- on the strand of the acceptor ----------------------------------------

  acceptor acceptor_;
  net::timer retry_timer_;
  net::timer sweep_timer_;
  bool accepting_ = false;

  // -- under the mutex ------------------------------------------------------

  std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<connection*, std::shared_ptr<connection>> connections_;
  bool stopped_ = false;
  bool acceptor_open_ = false;
};

} // namespace orc::http
