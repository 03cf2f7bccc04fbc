#pragma once

#include "transport/http/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <system_error>

namespace orc {
class io_runtime;
} // namespace orc

namespace orc::http {

struct server_options {
  /// An IPv4 or IPv6 address. Names are not looked up.
  std::string address = "127.0.0.1";
  /// 0 asks the system for a free port.
  std::uint16_t port = 0;
  /// Larger bodies are answered 413 by the server, without calling the handler;
  /// counts bytes on the wire and bytes after decoding.
  std::size_t max_body_bytes = std::size_t{16} << 20;
  std::size_t max_header_bytes = std::size_t{64} << 10;
  /// A connection that neither reads nor writes for so long is closed, but not
  /// while the server owes it an answer. A WebSocket is asked first (ping).
  std::chrono::seconds idle_timeout{75};
  /// A request that is not complete after so long is answered 408.
  std::chrono::seconds read_timeout{30};
  std::size_t max_connections = 20000;
  /// Makes the body of an error that the server itself answers (400, 408, 413,
  /// 415, 431, 500), from its status and one sentence; JSON.
  std::function<std::string(int status, std::string_view message)> render_error
    = {};
};

/// The server's end of a WebSocket. Callbacks run on the server's runtime; the
/// functions may be called from any thread.
class websocket {
public:
  virtual ~websocket() = default;

  /// Queues a text frame.
  virtual void send(std::string text) = 0;

  /// Queues a binary frame.
  virtual void send_binary(std::string bytes) = 0;

  /// Closes after the queued frames are written.
  /// @param code a status code of RFC 6455, such as 1000 or 1008.
  virtual void close(std::uint16_t code, std::string reason) = 0;

  /// How many bytes wait to be written: what a fast sender looks at.
  virtual std::size_t queued_bytes() const noexcept = 0;
};

struct websocket_callbacks {
  std::function<void(std::shared_ptr<websocket>)> on_open;
  std::function<void(std::string text, bool binary)> on_message;
  /// Called once, whichever side closed, or when the connection broke.
  std::function<void(std::uint16_t code)> on_close;
};

/// One request and its answer.
///
/// Exactly one of `reply`, `start` (… `write` … `finish`), `upgrade` or `drop`
/// answers it. All may be called from any thread, at once or much later. An
/// exchange that is destroyed without an answer is answered 500; if its answer
/// was started and not finished, the connection is closed.
///
/// @note Exchanges must not outlive the runtime.
class exchange {
public:
  virtual ~exchange() = default;

  virtual const http::request& request() const noexcept = 0;

  /// Takes the body out of the request, to spare a copy.
  virtual std::string take_body() = 0;

  virtual void reply(http::response response) = 0;

  /// Starts an answer whose body follows piece by piece: chunked, or as long
  /// as a `Content-Length` in `head.headers` says.
  virtual void start(http::response head) = 0;

  /// Queues a piece of the body. `on_written(false)` tells that the client is
  /// gone; whoever produces much waits for it before the next piece.
  virtual void
  write(std::string piece, std::function<void(bool ok)> on_written = {})
    = 0;

  virtual void finish() = 0;

  /// Closes the connection at once, whatever was answered so far: what a
  /// client sees when a server dies.
  virtual void drop() = 0;

  /// Accepts the WebSocket handshake; answers 400 if the request is none.
  virtual void upgrade(websocket_callbacks callbacks) = 0;

  /// @returns whether the request asks for a WebSocket.
  virtual bool is_upgrade() const noexcept = 0;

  /// Calls `f` on the runtime when the client goes away before the answer is
  /// complete. At most one; set it before answering. A client that has closed
  /// only its half of the connection counts as gone, but still gets an answer.
  virtual void on_gone(std::function<void()> f) = 0;
};

using exchange_ptr = std::shared_ptr<exchange>;

/// Accepts connections and hands each request to one handler: HTTP/1.0 and 1.1,
/// keep-alive, pipelining, `Expect: 100-continue`, request bodies in gzip,
/// deflate and br, HEAD (the body is left out), WebSocket upgrades.
class server {
public:
  /// Called on the runtime, one request of a connection at a time. What it
  /// throws is answered 500.
  using handler = std::function<void(exchange_ptr)>;

  server(io_runtime& runtime, server_options options, handler handle);

  /// Calls `stop`.
  ~server();

  /// Binds and accepts from now on.
  /// @returns why the address cannot be had, if so.
  std::error_code listen();

  /// @returns the port in use.
  /// @pre `listen` succeeded
  std::uint16_t port() const noexcept;

  /// Refuses new connections, closes those that are idle, and the others once
  /// they have answered. Returns at once.
  void drain();

  /// How many requests are not answered yet.
  std::size_t active() const noexcept;

  /// Closes everything. The handler is not called any more once this returns.
  /// Must not be called from a thread of the runtime.
  void stop();

private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

} // namespace orc::http
