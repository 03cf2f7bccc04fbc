#pragma once

#include "transport/asio/net.hpp"
#include "transport/http/client_stream.hpp"
#include "transport/http/message_parser.hpp"
#include "transport/http/websocket_client.hpp"
#include "transport/http/websocket_frame.hpp"

#include <boost/asio/ip/basic_resolver.hpp>

#include <array>
#include <deque>
#include <memory>
#include <string>

namespace orc::http {

/// One connection of a `websocket_client`, on its strand.
class websocket_link : public std::enable_shared_from_this<websocket_link> {
public:
  websocket_link(net::strand strand, url to, websocket_client_options options,
                 websocket_client_callbacks callbacks,
                 std::shared_ptr<net::asio::ssl::context> tls);

  void connect();

  /// Ends it without a word to the callbacks.
  void drop();

  /// Ends it, once.
  void end(std::uint16_t code);

private:
  using resolver = net::asio::ip::basic_resolver<net::tcp, net::strand>;

  void on_connected();
  void read();
  void on_read(net::error_code ec, std::size_t n);
  bool take_handshake();
  void take_frames();
  void on_message();
  void on_close_frame();
  void write(std::string bytes);
  void write_next();
  void write_frame(opcode type, std::string_view payload);
  void watch_silence();
  void on_silence();

  url to_;
  websocket_client_options options_;
  websocket_client_callbacks callbacks_;
  client_stream stream_;
  resolver resolver_;
  net::timer timer_;
  message_parser parser_;
  websocket_decoder decoder_;
  std::string key_;
  std::string input_;
  std::array<char, 4096> buffer_{};
  std::deque<std::string> output_;
  bool open_ = false;
  bool asked_ = false;
  bool closed_ = false;
};

} // namespace orc::http
