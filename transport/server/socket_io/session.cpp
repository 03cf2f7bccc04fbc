#include "transport/server/socket_io/session.hpp"

#include "transport/server/socket_io/packets.hpp"

#include <utility>

namespace orc::server::socket_io {

namespace {

/// Thousands of events, and two of the largest: a task that has all the input
/// and output that requests may have.
constexpr std::size_t most_unsent = std::size_t{48} << 20;

} // namespace

http::response make_answer(int status, std::string type, std::string body) {
  return {status,
          {{"Content-Type", std::move(type)},
           {"Cache-Control", "no-store"},
           {"Access-Control-Allow-Origin", "*"}},
          std::move(body)};
}

void session::send(std::string packet) {
  if (socket_)
    return socket_->send(std::move(packet));
  unsent_bytes_ += packet.size();
  unsent_.push_back(std::move(packet));
  flush();
}

bool session::poll(http::exchange_ptr exchange) {
  if (waiting_)
    return false;
  waiting_ = std::move(exchange);
  flush();
  return true;
}

void session::use(std::shared_ptr<http::websocket> socket, std::uint64_t link) {
  end_poll();
  if (socket_)
    socket_->close(1000, "");
  socket_ = std::move(socket);
  link_ = link;
  for (auto& packet : std::exchange(unsent_, {}))
    socket_->send(std::move(packet));
  unsent_bytes_ = 0;
}

void session::end_poll() {
  if (waiting_)
    send({engine::noop});
}

void session::close() {
  if (socket_) {
    socket_->close(1000, "");
    return;
  }
  send({engine::close});
}

bool session::is_behind() const {
  return (socket_ ? socket_->queued_bytes() : unsent_bytes_) > most_unsent;
}

void session::flush() {
  if (!waiting_ || unsent_.empty())
    return;
  unsent_bytes_ = 0;
  has_polled_ = true;
  std::exchange(waiting_, nullptr)
    ->reply(make_answer(200, "text/plain; charset=UTF-8",
                        join_payload(std::exchange(unsent_, {}))));
}

} // namespace orc::server::socket_io
