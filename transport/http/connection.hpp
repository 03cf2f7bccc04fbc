#pragma once

#include "transport/asio/net.hpp"
#include "transport/http/output_queue.hpp"
#include "transport/http/request_reader.hpp"
#include "transport/http/response_head.hpp"
#include "transport/http/server.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace orc::http {

class listener;
class websocket_session;

/// One connection of a server.
///
///     reading --request--> answering --answered--> reading ...
///        |                     |  `--upgrade--> upgraded --.
///        `--refused--> lingering <--last answer--'          `--> closed
///
/// Reads on while a request is answered: only so does it learn that the client
/// has gone. Members must be called on the strand, unless they say otherwise.
class connection : public std::enable_shared_from_this<connection> {
public:
  using callback = std::function<void(bool ok)>;

  connection(std::shared_ptr<listener> owner, net::tcp_socket socket);

  // -- from any thread ------------------------------------------------------

  void start();
  void drain();
  void close_soon();

  /// Ends what takes too long, if it still does.
  void expire();

  net::clock::time_point deadline() const noexcept;
  net::strand strand() noexcept;

  // -- what the exchange calls ----------------------------------------------

  /// @returns whether the exchange of this number may still be answered.
  bool is_current(std::uint64_t exchange) const noexcept;

  void reply(response what);
  void reply_error(int status, std::string_view message);
  void start_stream(response head);
  void write_piece(std::string piece, callback done);
  void finish_stream();
  void upgrade(const response& head, std::shared_ptr<websocket_session> to);
  void set_on_gone(std::function<void()> f);

  // -- what the exchange and the WebSocket call -----------------------------

  /// Queues bytes and writes what the socket takes.
  void write_raw(std::string head, std::string body = {}, callback done = {});

  /// Closes after all that is queued is written.
  void close_gently();

  /// Gives the client of a WebSocket a moment to answer a close frame.
  void await_close_frame();

  void close();

private:
  enum class phase : std::uint8_t {
    reading,
    answering,
    upgraded,
    /// Upgraded, and a close frame is sent.
    closing,
    lingering,
    closed,
  };

  /// What the current exchange still needs.
  struct answer {
    bool head_only = false;
    bool keep_alive = true;
    bool http11 = true;
    bool finished = false;
    framing body = framing::length;
    /// Of a body with a `Content-Length`.
    std::uint64_t missing = 0;
    std::function<void()> on_gone;
  };

  head_options make_head_options(framing body, std::uint64_t length);
  void wait_readable();
  void on_readable(net::error_code ec);
  void on_eof();
  void process();
  void feed_websocket();
  bool read_request();
  void begin_exchange();
  void refuse(int status, std::string_view message);
  void flush();
  void wait_writable();
  void on_drained();
  void end_exchange();
  void linger();
  void client_gone();
  void on_expired();
  bool is_websocket() const noexcept;
  void set_deadline();

  std::shared_ptr<listener> owner_;
  net::tcp_socket socket_;
  std::string remote_address_;
  request_reader reader_;
  output_queue output_;
  std::shared_ptr<websocket_session> session_;
  answer answer_;
  std::uint64_t exchange_ = 0;
  net::clock::time_point phase_end_{};
  std::atomic<net::clock::rep> deadline_;
  phase phase_ = phase::reading;
  bool reading_ = false;
  bool writing_ = false;
  bool processing_ = false;
  bool request_started_ = false;
  bool eof_ = false;
};

} // namespace orc::http
