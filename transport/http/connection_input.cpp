// How a connection reads: requests, and the frames of a WebSocket.

#include "transport/http/connection.hpp"
#include "transport/http/listener.hpp"
#include "transport/http/live_exchange.hpp"
#include "transport/http/websocket_session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <array>
#include <exception>
#include <utility>

namespace orc::http {

namespace asio = net::asio;

namespace {

/// How far to read ahead while a request is answered.
constexpr std::size_t max_read_ahead = 64 << 10;

/// One buffer a thread: an idle connection needs none.
using read_buffer = std::array<char, 64 << 10>;

read_buffer& scratch() {
  thread_local read_buffer buffer;
  return buffer;
}

} // namespace

void connection::wait_readable() {
  if (reading_ || eof_ || phase_ == phase::closed
      || (phase_ == phase::answering && reader_.rest().size() > max_read_ahead))
    return;
  reading_ = true;
  socket_.async_wait(net::tcp_socket::wait_read,
                     [self = shared_from_this()](net::error_code ec) {
                       self->reading_ = false;
                       self->on_readable(ec);
                     });
}

void connection::on_readable(net::error_code ec) {
  if (phase_ == phase::closed)
    return;
  if (ec)
    return close();
  auto& buffer = scratch();
  auto n = socket_.read_some(asio::buffer(buffer), ec);
  if (ec == asio::error::eof)
    return on_eof();
  if (ec && ec != asio::error::would_block && ec != asio::error::try_again)
    return close();
  if (phase_ != phase::lingering)
    reader_.append({buffer.data(), n});
  if (phase_ == phase::upgraded)
    set_deadline();
  process();
}

void connection::on_eof() {
  eof_ = true;
  // The client may have closed its half only and still wait for the answer:
  // whether it does shows when that is written.
  if (phase_ == phase::answering)
    client_gone();
  else
    close();
}

void connection::process() {
  if (processing_)
    return;
  processing_ = true;
  while (phase_ == phase::reading && read_request())
    begin_exchange();
  if (is_websocket())
    feed_websocket();
  processing_ = false;
  if (phase_ == phase::reading
      && (eof_ || (owner_->draining() && !request_started_)))
    return close();
  wait_readable();
}

void connection::feed_websocket() {
  // Its callbacks may close the connection, which lets go of the session.
  auto session = session_;
  reader_.consume(session->receive(reader_.rest()));
}

bool connection::read_request() {
  auto status = reader_.read();
  if (status == request_reader::status::complete)
    return true;
  if (status == request_reader::status::refused) {
    refuse(reader_.refusal(), reader_.reason());
    return false;
  }
  auto started = status == request_reader::status::partial;
  if (started && !request_started_)
    phase_end_ = net::clock::now() + owner_->options().read_timeout;
  request_started_ = started;
  set_deadline();
  if (started && reader_.wants_continue())
    write_raw("HTTP/1.1 100 Continue\r\n\r\n");
  return false;
}

void connection::begin_exchange() {
  phase_ = phase::answering;
  request_started_ = false;
  answer_ = {};
  answer_.head_only = reader_.is_head();
  answer_.http11 = reader_.http11();
  answer_.keep_alive = reader_.keep_alive();
  ++owner_->active();
  ++exchange_;
  set_deadline();
  auto request = reader_.take();
  request.remote_address = remote_address_;
  auto exchange
    = std::make_shared<live_exchange>(shared_from_this(), exchange_,
                                      std::move(request),
                                      owner_->options().max_body_bytes);
  try {
    owner_->handle(exchange);
  } catch (const std::exception& x) {
    exchange->reply(
      owner_->make_error(500, std::string{"internal error: "} + x.what()));
  }
}

void connection::refuse(int status, std::string_view message) {
  auto what = owner_->make_error(status, message);
  auto head
    = render_head(what, {.length = what.body.size(), .keep_alive = false});
  if (reader_.is_head())
    what.body.clear();
  output_.push(std::move(head), std::move(what.body));
  close_gently();
}

} // namespace orc::http
