#pragma once

#include "transport/http/url.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace orc {
class io_runtime;
} // namespace orc

namespace orc::http {

struct websocket_client_options {
  /// From the name to the answer to the handshake.
  std::chrono::milliseconds connect_timeout{10'000};
  /// A peer that says nothing for so long is asked; one that says nothing for
  /// twice as long is gone.
  std::chrono::milliseconds silence{30'000};
  std::size_t max_message_bytes = std::size_t{1} << 20;
  /// PEM file of certificate authorities; empty: the system's.
  std::string ca_file = {};
};

/// Called on the runtime.
struct websocket_client_callbacks {
  std::function<void()> on_open;
  /// Text or bytes, one whole message.
  std::function<void(std::string)> on_message;
  /// Called once, with the status code of the end: 1006 if there was none or
  /// the connection was never made. Then nothing else is called.
  std::function<void(std::uint16_t)> on_close;
};

/// @returns nothing unless `text` is an absolute ws or wss URL; the scheme of
///          the result is http or https.
std::optional<url> parse_websocket_url(std::string_view text);

/// The client's end of a WebSocket, for one connection. Answers pings and close
/// frames.
///
///     connecting --101--> open --close frame, silence, end--> closed
class websocket_client {
public:
  /// Starts to connect.
  websocket_client(io_runtime& runtime, url to,
                   websocket_client_options options,
                   websocket_client_callbacks callbacks);

  /// Closes the connection; nothing is called any more once this returns, on a
  /// runtime of one thread and called from it.
  ~websocket_client();

  websocket_client(const websocket_client&) = delete;
  websocket_client& operator=(const websocket_client&) = delete;

private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

} // namespace orc::http
