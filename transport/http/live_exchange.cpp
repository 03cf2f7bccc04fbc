#include "transport/http/live_exchange.hpp"

#include "transport/http/connection.hpp"
#include "transport/http/websocket_session.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace orc::http {

live_exchange::live_exchange(const std::shared_ptr<connection>& under,
                             std::uint64_t number, http::request request,
                             std::size_t max_message_bytes)
  : under_{under}, strand_{under->strand()}, number_{number},
    request_{std::move(request)}, max_message_bytes_{max_message_bytes} {
  // nop
}

live_exchange::~live_exchange() {
  if (state_ == state::open)
    reply_error(500, "the request was given up");
  else if (state_ == state::streaming)
    drop();
}

template <class F, class G>
void live_exchange::on_connection(F f, G too_late) {
  net::asio::dispatch(strand_,
                      [under = under_, number = number_, f = std::move(f),
                       too_late = std::move(too_late)]() mutable {
                        auto connection = under.lock();
                        if (connection && connection->is_current(number))
                          f(*connection);
                        else
                          too_late();
                      });
}

template <class F>
void live_exchange::on_connection(F f) {
  on_connection(std::move(f), [] {});
}

bool live_exchange::advance(state from, state to) noexcept {
  return state_.compare_exchange_strong(from, to);
}

const http::request& live_exchange::request() const noexcept {
  return request_;
}

std::string live_exchange::take_body() {
  return std::exchange(request_.body, {});
}

void live_exchange::reply(http::response response) {
  if (advance(state::open, state::answered))
    on_connection([response = std::move(response)](connection& x) mutable {
      x.reply(std::move(response));
    });
}

void live_exchange::reply_error(int status, const char* message) {
  if (advance(state::open, state::answered))
    on_connection(
      [status, message](connection& x) { x.reply_error(status, message); });
}

void live_exchange::start(http::response head) {
  if (advance(state::open, state::streaming))
    on_connection([head = std::move(head)](connection& x) mutable {
      x.start_stream(std::move(head));
    });
}

void live_exchange::write(std::string piece,
                          std::function<void(bool ok)> on_written) {
  auto done
    = std::make_shared<std::function<void(bool)>>(std::move(on_written));
  auto refuse = [done] {
    if (*done)
      (*done)(false);
  };
  if (state_ != state::streaming)
    return net::asio::post(strand_, refuse);
  on_connection(
    [piece = std::move(piece), done](connection& x) mutable {
      x.write_piece(std::move(piece), std::move(*done));
    },
    refuse);
}

void live_exchange::finish() {
  if (advance(state::streaming, state::answered))
    on_connection([](connection& x) { x.finish_stream(); });
}

void live_exchange::drop() {
  state_ = state::answered;
  on_connection([](connection& x) {
    x.set_on_gone({});
    x.close();
  });
}

bool live_exchange::is_upgrade() const noexcept {
  const auto& headers = request_.headers;
  return request_.method == "GET"
         && iequals(headers.get("Upgrade"), "websocket")
         && headers.get("Sec-WebSocket-Version") == "13"
         && is_websocket_key(headers.get("Sec-WebSocket-Key"));
}

void live_exchange::upgrade(websocket_callbacks callbacks) {
  if (!is_upgrade())
    return reply_error(400, "not a WebSocket handshake of version 13");
  if (!advance(state::open, state::answered))
    return;
  http::response head;
  head.status = 101;
  head.headers.add("Upgrade", "websocket");
  head.headers.add("Sec-WebSocket-Accept",
                   websocket_accept(request_.headers.get("Sec-WebSocket-Key")));
  auto session = std::make_shared<websocket_session>(
    under_, strand_, std::move(callbacks), max_message_bytes_);
  on_connection([head = std::move(head),
                 session](connection& x) { x.upgrade(head, session); },
                [session] { session->gone(); });
}

void live_exchange::on_gone(std::function<void()> f) {
  if (state_ == state::answered)
    return;
  auto shared = std::make_shared<std::function<void()>>(std::move(f));
  on_connection([shared](connection& x) { x.set_on_gone(std::move(*shared)); },
                [shared] { (*shared)(); });
}

} // namespace orc::http
