#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc::server::socket_io {

/// The packets of Engine.IO 4, by the digit that begins them.
namespace engine {

inline constexpr char open = '0';
inline constexpr char close = '1';
inline constexpr char ping = '2';
inline constexpr char pong = '3';
inline constexpr char message = '4';
inline constexpr char upgrade = '5';
inline constexpr char noop = '6';

} // namespace engine

/// The packets of Socket.IO 5, each in a message of Engine.IO.
enum class kind : char {
  connect = '0',
  disconnect = '1',
  event = '2',
  ack = '3',
  connect_error = '4',
};

/// A packet of Socket.IO that a client sent.
struct packet {
  kind type = kind::event;
  /// "/" if the client names none.
  std::string space = "/";
  /// What the client wants back with the answer; "" if it wants none.
  std::string ack;
  /// JSON, or "".
  std::string data;
};

/// @param text what follows the digit of Engine.IO.
/// @returns nothing if it is none.
std::optional<packet> read_packet(std::string_view text);

/// @returns a packet of Engine.IO that carries one of Socket.IO.
std::string
make_packet(kind type, std::string_view space, std::string_view data);

/// An event: its name and the first argument, as JSON.
struct event {
  std::string name;
  std::string argument;
};

/// @param data `["watchTaskGroup",{"taskGroupId":"…"}]`.
std::optional<event> read_event(std::string_view data);

/// @returns the packets that one body of a polling client holds.
std::vector<std::string> split_payload(std::string_view body);

/// @returns a body for a polling client.
std::string join_payload(const std::vector<std::string>& packets);

} // namespace orc::server::socket_io
