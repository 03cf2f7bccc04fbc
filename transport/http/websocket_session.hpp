#pragma once

#include "transport/asio/net.hpp"
#include "transport/http/server.hpp"
#include "transport/http/websocket_frame.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

namespace orc::http {

class connection;

/// The server's end of a WebSocket, on top of a connection that was upgraded.
///
///     open --close frame, ours or theirs--> closing --the other's--> closed
class websocket_session
  : public websocket,
    public std::enable_shared_from_this<websocket_session> {
public:
  websocket_session(std::weak_ptr<connection> under, net::strand strand,
                    websocket_callbacks callbacks,
                    std::size_t max_message_bytes);

  void send(std::string text) override;
  void send_binary(std::string bytes) override;
  void close(std::uint16_t code, std::string reason) override;
  std::size_t queued_bytes() const noexcept override;

  // -- what the connection calls, on its strand -----------------------------

  void open();

  /// @returns how many of the bytes are consumed.
  std::size_t receive(std::string_view bytes);

  /// Asks the client whether it is still there.
  /// @returns whether it may take time to answer: false if it was asked before.
  bool check_alive();

  /// The connection is closed, or the client has gone.
  void gone();

private:
  void queue(opcode type, std::string payload);
  void write(opcode type, std::string_view payload);
  void send_close(std::uint16_t code, std::string_view reason);
  void on_message();
  void on_close_frame();

  std::weak_ptr<connection> under_;
  net::strand strand_;
  websocket_callbacks callbacks_;
  websocket_decoder decoder_;
  std::atomic<std::size_t> queued_bytes_{0};
  std::uint16_t close_code_ = 0;
  bool close_sent_ = false;
  bool close_received_ = false;
  bool asked_ = false;
  bool gone_ = false;
};

} // namespace orc::http
