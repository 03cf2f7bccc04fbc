#include "transport/http/websocket_link.hpp"

#include <boost/asio/buffer.hpp>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <utility>

namespace orc::http {

namespace asio = net::asio;

namespace {

/// A status code of RFC 6455 that no frame carries.
constexpr std::uint16_t abnormal_closure = 1006;

constexpr std::size_t max_header_bytes = std::size_t{16} << 10;

template <std::size_t Size>
std::string random_bytes() {
  std::array<unsigned char, Size> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(Size));
  return {bytes.begin(), bytes.end()};
}

std::string make_key() {
  auto bytes = random_bytes<16>();
  std::array<unsigned char, 32> text{};
  auto size
    = EVP_EncodeBlock(text.data(),
                      reinterpret_cast<const unsigned char*>(bytes.data()),
                      static_cast<int>(bytes.size()));
  return {text.begin(), text.begin() + size};
}

std::string render_handshake(const url& to, const std::string& key) {
  return "GET " + to.target + " HTTP/1.1\r\nHost: " + to.authority()
         + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
         + key + "\r\n\r\n";
}

} // namespace

websocket_link::websocket_link(net::strand strand, url to,
                               websocket_client_options options,
                               websocket_client_callbacks callbacks,
                               std::shared_ptr<asio::ssl::context> tls)
  : to_{std::move(to)}, options_{std::move(options)},
    callbacks_{std::move(callbacks)}, stream_{strand, std::move(tls)},
    resolver_{strand}, timer_{strand}, parser_{message_parser::kind::response,
                                               {max_header_bytes, 0}},
    decoder_{options_.max_message_bytes, websocket_decoder::sender::server},
    key_{make_key()} {
  // nop
}

void websocket_link::connect() {
  timer_.expires_after(options_.connect_timeout);
  timer_.async_wait([self = shared_from_this()](net::error_code ec) {
    if (!ec && !self->open_)
      self->end(abnormal_closure);
  });
  resolver_.async_resolve(
    to_.host, std::to_string(to_.port),
    [self = shared_from_this()](net::error_code ec,
                                const resolver::results_type& found) {
      if (ec || self->closed_)
        return self->end(abnormal_closure);
      self->stream_.connect({found.begin(), found.end()},
                            [self](net::error_code why) {
                              if (why || self->closed_)
                                return self->end(abnormal_closure);
                              self->on_connected();
                            });
    });
}

void websocket_link::on_connected() {
  stream_.handshake(to_.host, [self = shared_from_this()](net::error_code ec) {
    if (ec || self->closed_)
      return self->end(abnormal_closure);
    self->parser_.begin();
    self->write(render_handshake(self->to_, self->key_));
    self->read();
  });
}

void websocket_link::drop() {
  callbacks_ = {};
  end(abnormal_closure);
}

void websocket_link::end(std::uint16_t code) {
  if (std::exchange(closed_, true))
    return;
  timer_.cancel();
  resolver_.cancel();
  stream_.close();
  // The callbacks may hold the owner.
  auto callbacks = std::exchange(callbacks_, {});
  if (callbacks.on_close)
    callbacks.on_close(code);
}

// -- reading ------------------------------------------------------------------

void websocket_link::read() {
  stream_.read_some(asio::buffer(buffer_),
                    [self
                     = shared_from_this()](net::error_code ec, std::size_t n) {
                      self->on_read(ec, n);
                    });
}

void websocket_link::on_read(net::error_code ec, std::size_t n) {
  if (closed_)
    return;
  if (ec)
    return end(abnormal_closure);
  asked_ = false;
  input_.append(buffer_.data(), n);
  if (!open_ && !take_handshake())
    return;
  if (open_)
    take_frames();
  if (!closed_)
    read();
}

/// @returns whether to go on.
bool websocket_link::take_handshake() {
  input_.erase(0, parser_.feed(input_));
  const auto& answer = parser_.message();
  if (answer.error != parse_error::none) {
    end(abnormal_closure);
    return false;
  }
  if (!answer.header_done)
    return true;
  if (answer.status != 101
      || answer.headers.get("Sec-WebSocket-Accept") != websocket_accept(key_)) {
    end(abnormal_closure);
    return false;
  }
  open_ = true;
  watch_silence();
  if (callbacks_.on_open)
    callbacks_.on_open();
  return !closed_;
}

void websocket_link::take_frames() {
  using status = websocket_decoder::status;
  std::string_view rest = input_;
  auto result = status::message;
  while (!closed_ && result == status::message) {
    result = decoder_.next(rest);
    if (result == status::message)
      on_message();
  }
  if (result == status::failed)
    return end(decoder_.error());
  input_.erase(0, input_.size() - rest.size());
}

void websocket_link::on_message() {
  switch (decoder_.type()) {
    case opcode::ping:
      write_frame(opcode::pong, decoder_.payload());
      break;
    case opcode::pong:
      break;
    case opcode::close:
      on_close_frame();
      break;
    default:
      if (callbacks_.on_message)
        callbacks_.on_message(std::move(decoder_.payload()));
  }
}

void websocket_link::on_close_frame() {
  auto code = parse_close_payload(decoder_.payload());
  // Best effort: the server may be gone by now.
  write_frame(opcode::close, decoder_.payload());
  end(code);
}

// -- writing ------------------------------------------------------------------

void websocket_link::write_frame(opcode type, std::string_view payload) {
  write(make_masked_frame(type, payload, random_bytes<4>()));
}

void websocket_link::write(std::string bytes) {
  output_.push_back(std::move(bytes));
  if (output_.size() == 1)
    write_next();
}

void websocket_link::write_next() {
  static const std::string nothing;
  stream_.write(output_.front(), nothing,
                [self = shared_from_this()](net::error_code ec, std::size_t) {
                  if (self->closed_)
                    return;
                  if (ec)
                    return self->end(abnormal_closure);
                  self->output_.pop_front();
                  if (!self->output_.empty())
                    self->write_next();
                });
}

// -- silence ------------------------------------------------------------------

void websocket_link::watch_silence() {
  timer_.expires_after(options_.silence);
  timer_.async_wait([self = shared_from_this()](net::error_code ec) {
    if (!ec && !self->closed_)
      self->on_silence();
  });
}

void websocket_link::on_silence() {
  if (std::exchange(asked_, true))
    return end(abnormal_closure);
  write_frame(opcode::ping, {});
  watch_silence();
}

} // namespace orc::http
