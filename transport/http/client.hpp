#pragma once

#include "transport/http/answer_sink.hpp"
#include "transport/http/message.hpp"
#include "transport/http/url.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace orc {
class io_runtime;
} // namespace orc

namespace orc::http {

struct client_options {
  /// Connections to one origin (scheme, host, port) at a time; further requests
  /// wait in line.
  std::size_t max_connections = 256;
  std::chrono::milliseconds connect_timeout{10'000};
  /// An idle connection is kept so long for the next request.
  std::chrono::seconds keep_alive{30};
  /// PEM file of certificate authorities; empty: the system's.
  std::string ca_file = {};
  /// Connects to addresses of the public Internet only, whatever a name leads
  /// to: for URLs that are not to reach this machine and its networks.
  bool public_only = false;
};

/// A request to send. The body is shared, so that repeats copy nothing.
struct outgoing {
  std::string method = "GET";
  http::url url = {};
  fields headers = {};
  std::shared_ptr<const std::string> body = {};
  /// From `send` until the last byte of the answer, waiting in line included.
  std::chrono::milliseconds timeout{60'000};
  /// A larger answer fails with `failure::answer_lost`.
  std::size_t max_body_bytes = std::size_t{256} << 20;
  /// Takes the answer piece by piece; what `send` brings has no body then, and
  /// comes after the last piece.
  std::shared_ptr<answer_sink> sink = {};
};

/// Why there is no answer, and what that says about the request.
enum class failure : std::uint8_t {
  /// No byte of the request left this machine: it surely did nothing.
  not_sent,
  /// The request was sent, wholly or in part, and no complete answer came: it
  /// may have been carried out, or not.
  answer_lost,
  /// The client was stopped.
  stopped,
};

struct send_error {
  failure kind = failure::not_sent;
  /// For people: `connect to 127.0.0.1:8484: Connection refused`.
  std::string message = {};
};

/// Sends requests over pooled keep-alive connections, TLS for `https`. Asks for
/// gzip and br and undoes them. Follows no redirects and repeats nothing.
class client {
public:
  using result = std::variant<http::response, send_error>;
  /// Called once, on the runtime.
  using callback = std::function<void(result)>;

  client(io_runtime& runtime, client_options options);
  ~client();

  /// May be called from any thread.
  void send(outgoing request, callback done);

  /// Fails all that is outstanding with `failure::stopped`.
  void stop();

private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

} // namespace orc::http
