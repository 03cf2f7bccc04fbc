#include "transport/http/websocket_session.hpp"

#include "transport/http/connection.hpp"

#include <boost/asio/dispatch.hpp>

#include <utility>

namespace orc::http {

namespace asio = net::asio;

namespace {

/// Status codes of RFC 6455 that no frame carries.
constexpr std::uint16_t no_status = 1005;
constexpr std::uint16_t abnormal_closure = 1006;

} // namespace

websocket_session::websocket_session(std::weak_ptr<connection> under,
                                     net::strand strand,
                                     websocket_callbacks callbacks,
                                     std::size_t max_message_bytes)
  : under_{std::move(under)}, strand_{std::move(strand)},
    callbacks_{std::move(callbacks)}, decoder_{max_message_bytes} {
  // nop
}

void websocket_session::send(std::string text) {
  queue(opcode::text, std::move(text));
}

void websocket_session::send_binary(std::string bytes) {
  queue(opcode::binary, std::move(bytes));
}

void websocket_session::queue(opcode type, std::string payload) {
  auto size = payload.size();
  queued_bytes_ += size;
  asio::dispatch(strand_, [self = shared_from_this(), type, size,
                           payload = std::move(payload)] {
    auto connection = self->under_.lock();
    if (!connection || self->close_sent_ || self->gone_) {
      self->queued_bytes_ -= size;
      return;
    }
    connection->write_raw(make_frame(type, payload), {},
                          [self, size](bool) { self->queued_bytes_ -= size; });
  });
}

void websocket_session::close(std::uint16_t code, std::string reason) {
  asio::dispatch(strand_,
                 [self = shared_from_this(), code, reason = std::move(reason)] {
                   self->send_close(code, reason);
                 });
}

std::size_t websocket_session::queued_bytes() const noexcept {
  return queued_bytes_;
}

void websocket_session::open() {
  if (callbacks_.on_open)
    callbacks_.on_open(shared_from_this());
}

void websocket_session::write(opcode type, std::string_view payload) {
  if (auto connection = under_.lock(); connection && !close_sent_)
    connection->write_raw(make_frame(type, payload));
}

void websocket_session::send_close(std::uint16_t code,
                                   std::string_view reason) {
  if (close_sent_ || gone_)
    return;
  if (close_code_ == 0)
    close_code_ = code;
  write(opcode::close,
        code == no_status ? "" : make_close_payload(code, reason));
  close_sent_ = true;
  auto connection = under_.lock();
  if (connection && close_received_)
    connection->close_gently();
  else if (connection)
    connection->await_close_frame();
}

std::size_t websocket_session::receive(std::string_view bytes) {
  using status = websocket_decoder::status;
  asked_ = false;
  auto rest = bytes;
  while (!gone_ && !close_received_) {
    auto result = decoder_.next(rest);
    if (result == status::need_more)
      return bytes.size() - rest.size();
    if (result == status::failed) {
      // Nothing that follows can be understood.
      close_received_ = true;
      send_close(decoder_.error(), {});
    } else {
      on_message();
    }
  }
  return bytes.size();
}

void websocket_session::on_message() {
  switch (decoder_.type()) {
    case opcode::ping:
      write(opcode::pong, decoder_.payload());
      break;
    case opcode::pong:
      break;
    case opcode::close:
      on_close_frame();
      break;
    default:
      if (!close_sent_ && callbacks_.on_message)
        callbacks_.on_message(std::move(decoder_.payload()),
                              decoder_.type() == opcode::binary);
  }
}

void websocket_session::on_close_frame() {
  auto code = parse_close_payload(decoder_.payload());
  close_received_ = true;
  if (!close_sent_)
    close_code_ = code;
  if (close_sent_) {
    if (auto connection = under_.lock())
      connection->close_gently();
  } else {
    send_close(code, {});
  }
}

bool websocket_session::check_alive() {
  if (std::exchange(asked_, true))
    return false;
  write(opcode::ping, {});
  return true;
}

void websocket_session::gone() {
  if (std::exchange(gone_, true))
    return;
  auto orderly = close_sent_ && close_received_;
  auto code = orderly ? close_code_ : abnormal_closure;
  // The callbacks may hold the session.
  auto callbacks = std::exchange(callbacks_, {});
  if (callbacks.on_close)
    callbacks.on_close(code);
}

} // namespace orc::http
