#pragma once

#include "transport/http/server.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace orc::server::socket_io {

/// One client: what it watches, what it has still to be told, and on which way.
///
///     polling --probe--> polling, with a WebSocket that is tried --upgrade-->
///     WebSocket
class session {
public:
  using clock = std::chrono::steady_clock;

  std::string id;
  /// Its id in the default namespace; "" until it has connected to that.
  std::string socket_id;
  /// It has shown a token, or needs none.
  bool is_trusted = false;
  std::set<std::string> rooms;
  clock::time_point last_heard;
  clock::time_point last_ping;

  /// Sends a packet now, or when the client asks.
  void send(std::string packet);

  /// A client asks for what there is; answered when there is something.
  /// @returns false if it asks twice at a time, which none may.
  bool poll(http::exchange_ptr exchange);

  /// @returns whether it was told anything by polling: then a WebSocket is an
  ///          upgrade, which is tried first.
  bool has_polled() const noexcept {
    return has_polled_;
  }

  bool is_on_websocket() const noexcept {
    return socket_ != nullptr;
  }

  /// The number of the WebSocket in use, 0 if there is none.
  std::uint64_t link() const noexcept {
    return link_;
  }

  /// Goes over to a WebSocket: it answers the request that waits, and sends
  /// what was not sent. One that was used before is closed.
  void use(std::shared_ptr<http::websocket> socket, std::uint64_t link);

  /// Ends a request that waits, so that the client can go over.
  void end_poll();

  /// Tells the client that this is the end.
  void close();

  /// @returns whether it reads too slowly to be kept.
  bool is_behind() const;

private:
  void flush();

  std::vector<std::string> unsent_;
  std::size_t unsent_bytes_ = 0;
  bool has_polled_ = false;
  http::exchange_ptr waiting_;
  std::shared_ptr<http::websocket> socket_;
  std::uint64_t link_ = 0;
};

/// @returns an answer that pages of any origin may read.
http::response make_answer(int status, std::string type, std::string body);

} // namespace orc::server::socket_io
