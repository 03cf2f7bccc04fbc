#pragma once

#include "transport/asio/net.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace orc::http {

/// The bytes of a client's connection: TCP, with TLS or without. Callbacks run
/// on the strand; the stream must outlive them.
class client_stream {
public:
  using callback = std::function<void(net::error_code, std::size_t)>;
  using endpoints = std::vector<net::tcp::endpoint>;

  /// @param tls null for plain TCP.
  client_stream(net::strand strand,
                std::shared_ptr<net::asio::ssl::context> tls);

  /// Connects to the first of the addresses that accepts.
  void connect(const endpoints& to, std::function<void(net::error_code)> done);

  /// Does nothing for plain TCP.
  void
  handshake(const std::string& host, std::function<void(net::error_code)> done);

  /// @returns what went wrong in the handshake, for people.
  std::string explain(net::error_code ec);

  /// Writes all of `head` and `body`, which must live until it is done.
  void write(const std::string& head, const std::string& body, callback done);

  void read_some(net::asio::mutable_buffer to, callback done);

  /// @returns whether the peer has neither closed the connection nor sent what
  ///          nobody asked for. Sends nothing.
  bool is_quiet();

  bool is_tls() const noexcept {
    return tls_.has_value();
  }

  void close();

private:
  std::shared_ptr<net::asio::ssl::context> context_;
  net::tcp_socket socket_;
  std::optional<net::asio::ssl::stream<net::tcp_socket&>> tls_;
};

} // namespace orc::http
