#include "transport/http/client_stream.hpp"

#include "transport/http/tls.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace orc::http {

namespace asio = net::asio;

client_stream::client_stream(net::strand strand,
                             std::shared_ptr<asio::ssl::context> tls)
  : context_{std::move(tls)}, socket_{std::move(strand)} {
  if (context_)
    tls_.emplace(socket_, *context_);
}

void client_stream::connect(const endpoints& to,
                            std::function<void(net::error_code)> done) {
  // A list of one needs no iteration.
  asio::async_connect(socket_, to,
                      [this, done = std::move(done)](
                        net::error_code ec, const net::tcp::endpoint&) {
                        net::error_code ignored;
                        if (!ec)
                          socket_.set_option(net::tcp::no_delay{true}, ignored);
                        done(ec);
                      });
}

void client_stream::handshake(const std::string& host,
                              std::function<void(net::error_code)> done) {
  if (!tls_)
    return done({});
  if (!expect_host(tls_->native_handle(), host))
    return done(asio::error::invalid_argument);
  tls_->async_handshake(asio::ssl::stream_base::client, std::move(done));
}

std::string client_stream::explain(net::error_code ec) {
  return tls_ ? explain_handshake(tls_->native_handle(), ec) : ec.message();
}

void client_stream::write(const std::string& head, const std::string& body,
                          callback done) {
  std::array<asio::const_buffer, 2> buffers{asio::buffer(head),
                                            asio::buffer(body)};
  if (tls_)
    asio::async_write(*tls_, buffers, std::move(done));
  else
    asio::async_write(socket_, buffers, std::move(done));
}

void client_stream::read_some(asio::mutable_buffer to, callback done) {
  if (tls_)
    tls_->async_read_some(to, std::move(done));
  else
    socket_.async_read_some(to, std::move(done));
}

bool client_stream::is_quiet() {
  char byte = 0;
  auto n = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void client_stream::close() {
  net::error_code ignored;
  socket_.close(ignored);
}

} // namespace orc::http
