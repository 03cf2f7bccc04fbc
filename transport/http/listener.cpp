#include "transport/http/listener.hpp"

#include "transport/http/connection.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include <utility>
#include <vector>

namespace orc::http {

namespace asio = net::asio;

using namespace std::chrono_literals;

namespace {

/// How often deadlines are looked at: what a time-out may be late by.
constexpr auto sweep_interval = 250ms;

/// The expiry of a timer that nobody waits for.
constexpr auto asleep = net::clock::time_point::min();

/// How long to wait when the system has no more file descriptors.
constexpr auto retry_interval = 100ms;

std::string default_error(int status, std::string_view message) {
  std::string text;
  for (char c : message)
    if (c >= ' ' && c != '"' && c != '\\')
      text += c;
  return R"({"error":{"type":"http-)" + std::to_string(status)
         + R"(","message":")" + text + "\"}}";
}

} // namespace

listener::listener(asio::io_context& context, server_options options,
                   server::handler handle)
  : context_{context}, options_{std::move(options)}, handle_{std::move(handle)},
    acceptor_{asio::make_strand(context)},
    retry_timer_{acceptor_.get_executor()}, sweep_timer_{
                                              acceptor_.get_executor()} {
  // nop
}

net::error_code listener::listen() {
  net::error_code ec;
  auto address = asio::ip::make_address(options_.address, ec);
  if (ec)
    return ec;
  net::tcp::endpoint endpoint{address, options_.port};
  if (acceptor_.open(endpoint.protocol(), ec))
    return ec;
  if (acceptor_.set_option(acceptor::reuse_address{true}, ec)
      || acceptor_.bind(endpoint, ec)
      || acceptor_.listen(asio::socket_base::max_listen_connections, ec)) {
    net::error_code ignored;
    acceptor_.close(ignored);
    return ec;
  }
  port_ = acceptor_.local_endpoint(ec).port();
  acceptor_open_ = true;
  asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
    self->accept();
    self->sweep();
  });
  return ec;
}

void listener::accept() {
  if (accepting_ || !acceptor_.is_open())
    return;
  {
    std::lock_guard guard{mutex_};
    if (connections_.size() >= options_.max_connections)
      return;
  }
  accepting_ = true;
  acceptor_.async_accept(asio::make_strand(context_),
                         [self = shared_from_this()](net::error_code ec,
                                                     net::tcp_socket socket) {
                           self->accepting_ = false;
                           self->on_accept(ec, std::move(socket));
                         });
}

void listener::on_accept(net::error_code ec, net::tcp_socket socket) {
  if (ec == asio::error::operation_aborted)
    return;
  if (!ec)
    add(std::move(socket));
  if (!ec || ec == asio::error::connection_aborted)
    accept();
  else
    retry_accept();
}

void listener::add(net::tcp_socket socket) {
  auto added
    = std::make_shared<connection>(shared_from_this(), std::move(socket));
  {
    std::lock_guard guard{mutex_};
    if (stopped_)
      return;
    connections_.emplace(added.get(), added);
  }
  added->start();
  if (sweep_timer_.expiry() == asleep)
    sweep();
}

void listener::retry_accept() {
  retry_timer_.expires_after(retry_interval);
  retry_timer_.async_wait([self = shared_from_this()](net::error_code ec) {
    if (!ec)
      self->accept();
  });
}

void listener::remove(connection* closed) {
  std::shared_ptr<connection> last;
  std::lock_guard guard{mutex_};
  auto i = connections_.find(closed);
  if (i == connections_.end())
    return;
  auto was_full = connections_.size() == options_.max_connections;
  last = std::move(i->second);
  connections_.erase(i);
  changed_.notify_all();
  if (was_full && !stopped_)
    asio::post(acceptor_.get_executor(),
               [self = shared_from_this()] { self->accept(); });
}

void listener::sweep() {
  auto now = net::clock::now();
  std::vector<std::shared_ptr<connection>> expired;
  {
    std::lock_guard guard{mutex_};
    if (stopped_)
      return;
    // Nobody to look after: a server that nobody speaks to never wakes up.
    if (connections_.empty()) {
      sweep_timer_.expires_at(asleep);
      return;
    }
    for (auto& [key, value] : connections_)
      if (value->deadline() <= now)
        expired.push_back(value);
  }
  for (auto& x : expired)
    x->expire();
  sweep_timer_.expires_after(sweep_interval);
  sweep_timer_.async_wait([self = shared_from_this()](net::error_code ec) {
    if (!ec)
      self->sweep();
  });
}

void listener::close_acceptor() {
  net::error_code ignored;
  acceptor_.close(ignored);
  retry_timer_.cancel();
}

void listener::drain() {
  draining_ = true;
  asio::dispatch(acceptor_.get_executor(),
                 [self = shared_from_this()] { self->close_acceptor(); });
  std::lock_guard guard{mutex_};
  for (auto& [key, value] : connections_)
    value->drain();
}

void listener::stop() {
  std::unique_lock guard{mutex_};
  if (!stopped_) {
    stopped_ = true;
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
      self->close_acceptor();
      self->sweep_timer_.cancel();
      std::lock_guard inner{self->mutex_};
      self->acceptor_open_ = false;
      self->changed_.notify_all();
    });
    for (auto& [key, value] : connections_)
      value->close_soon();
  }
  // A runtime that was stopped before will never close them, nor call anyone.
  while ((acceptor_open_ || !connections_.empty()) && !context_.stopped())
    changed_.wait_for(guard, 10ms);
  // They and we hold each other.
  auto abandoned = std::exchange(connections_, {});
  guard.unlock();
}

response listener::make_error(int status, std::string_view message) const {
  response result;
  result.status = status;
  result.headers.add("Content-Type", "application/json; charset=utf-8");
  result.body = options_.render_error ? options_.render_error(status, message)
                                      : default_error(status, message);
  return result;
}

} // namespace orc::http
