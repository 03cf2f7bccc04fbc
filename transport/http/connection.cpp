#include "transport/http/connection.hpp"

#include "transport/http/listener.hpp"
#include "transport/http/websocket_session.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace orc::http {

namespace asio = net::asio;

using namespace std::chrono_literals;

namespace {

/// How long a client may take to read the last answer before it is cut off.
constexpr auto linger_time = 2s;

} // namespace

connection::connection(std::shared_ptr<listener> owner, net::tcp_socket socket)
  : owner_{std::move(owner)}, socket_{std::move(socket)},
    reader_{{.max_header_bytes = owner_->options().max_header_bytes,
             .max_body_bytes = owner_->options().max_body_bytes}},
    output_{socket_},
    deadline_{net::clock::time_point::max().time_since_epoch().count()} {
  // nop
}

// -- life -------------------------------------------------------------------

void connection::start() {
  asio::dispatch(strand(), [self = shared_from_this()] {
    if (self->phase_ == phase::closed)
      return;
    net::error_code ec;
    auto peer = self->socket_.remote_endpoint(ec);
    self->remote_address_ = peer.address().to_string();
    self->socket_.non_blocking(true, ec);
    self->socket_.set_option(net::tcp::no_delay{true}, ec);
    self->set_deadline();
    self->wait_readable();
  });
}

void connection::drain() {
  asio::dispatch(strand(), [self = shared_from_this()] {
    if (self->phase_ == phase::reading && !self->request_started_)
      self->close();
    else if (self->session_)
      self->session_->close(1001, "the server goes away");
  });
}

void connection::close_soon() {
  asio::post(strand(), [self = shared_from_this()] { self->close(); });
}

net::strand connection::strand() noexcept {
  return socket_.get_executor();
}

void connection::close() {
  auto was = std::exchange(phase_, phase::closed);
  if (was == phase::closed)
    return;
  net::error_code ignored;
  socket_.close(ignored);
  auto self = shared_from_this();
  if (was == phase::answering) {
    --owner_->active();
    client_gone();
  }
  output_.abandon();
  if (auto session = std::exchange(session_, {}))
    session->gone();
  owner_->remove(this);
}

void connection::close_gently() {
  if (phase_ == phase::closed)
    return;
  phase_ = phase::lingering;
  phase_end_ = net::clock::now() + linger_time;
  flush();
}

void connection::await_close_frame() {
  if (phase_ != phase::upgraded)
    return;
  phase_ = phase::closing;
  phase_end_ = net::clock::now() + linger_time;
  set_deadline();
}

bool connection::is_websocket() const noexcept {
  return phase_ == phase::upgraded || phase_ == phase::closing;
}

/// Sends the end of the stream, then waits for that of the client: closing at
/// once would reset the connection if the client has sent more, and it might
/// lose our last answer.
void connection::linger() {
  if (auto session = std::exchange(session_, {}))
    session->gone();
  set_deadline();
  net::error_code ec;
  socket_.shutdown(net::tcp_socket::shutdown_send, ec);
  if (ec || eof_)
    close();
  else
    wait_readable();
}

void connection::client_gone() {
  if (auto f = std::exchange(answer_.on_gone, {}))
    f();
}

// -- deadlines --------------------------------------------------------------

net::clock::time_point connection::deadline() const noexcept {
  return net::clock::time_point{
    net::clock::duration{deadline_.load(std::memory_order_relaxed)}};
}

void connection::set_deadline() {
  auto idle = net::clock::now() + owner_->options().idle_timeout;
  auto end = net::clock::time_point::max();
  if (phase_ == phase::lingering || phase_ == phase::closing
      || (phase_ == phase::reading && request_started_))
    end = phase_end_;
  else if (phase_ != phase::answering || writing_)
    end = idle;
  deadline_.store(end.time_since_epoch().count(), std::memory_order_relaxed);
}

void connection::expire() {
  asio::post(strand(), [self = shared_from_this()] {
    if (self->phase_ != phase::closed && self->deadline() <= net::clock::now())
      self->on_expired();
  });
}

void connection::on_expired() {
  auto session = session_;
  if (phase_ == phase::reading && request_started_)
    refuse(408, "the request did not arrive in time");
  else if (phase_ == phase::upgraded && session->check_alive())
    set_deadline();
  else
    close();
}

// -- output -----------------------------------------------------------------

void connection::write_raw(std::string head, std::string body, callback done) {
  output_.push(std::move(head), std::move(body), std::move(done));
  flush();
}

void connection::flush() {
  if (writing_ || phase_ == phase::closed)
    return;
  switch (output_.flush()) {
    case output_queue::status::failed:
      return close();
    case output_queue::status::blocked:
      return wait_writable();
    case output_queue::status::busy:
      return;
    case output_queue::status::drained:
      return on_drained();
  }
}

void connection::wait_writable() {
  writing_ = true;
  set_deadline();
  socket_.async_wait(net::tcp_socket::wait_write,
                     [self = shared_from_this()](net::error_code ec) {
                       self->writing_ = false;
                       if (self->phase_ == phase::closed)
                         return;
                       if (ec)
                         return self->close();
                       self->set_deadline();
                       self->flush();
                     });
}

void connection::on_drained() {
  if (phase_ == phase::lingering)
    linger();
  else if (phase_ == phase::answering && answer_.finished)
    end_exchange();
}

void connection::end_exchange() {
  --owner_->active();
  answer_.on_gone = {};
  if (!answer_.keep_alive)
    return close_gently();
  phase_ = phase::reading;
  process();
}

} // namespace orc::http
