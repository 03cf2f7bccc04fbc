#pragma once

#include "messages/task/tasks.hpp"
#include "transport/http/server.hpp"
#include "transport/http/url.hpp"
#include "transport/server/access.hpp"
#include "transport/server/socket_io/packets.hpp"
#include "transport/server/socket_io/session.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <memory>
#include <string>

namespace orc::server::socket_io {

/// A request below `/socket.io/`.
struct hub_request {
  http::exchange_ptr exchange;
};

/// A WebSocket of a session is open, said something, or is closed.
struct hub_link {
  enum class what { opened, said, closed };

  what happened = what::opened;
  std::string session;
  std::uint64_t number = 0;
  std::shared_ptr<http::websocket> socket = {};
  std::string text = {};
};

/// Whom to trust from now on.
struct hub_gate {
  access_policy gate;
};

/// Time to see who is still there.
struct hub_tick {};

} // namespace orc::server::socket_io

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::server::socket_io::hub_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::server::socket_io::hub_link)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::server::socket_io::hub_gate)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::server::socket_io::hub_tick)

namespace orc::server::socket_io {

using hub_actor
  = task_event_sink::extend<caf::reacts_to<hub_request>,
                            caf::reacts_to<hub_link>, caf::reacts_to<hub_gate>,
                            caf::reacts_to<hub_tick>>;

/// Tells clients of Socket.IO what happens to the groups that they watch:
/// Engine.IO 4 over polling and WebSocket, with the upgrade from one to the
/// other, and the default namespace of Socket.IO.
class hub_state {
public:
  static inline const char* name = "socket-hub";

  explicit hub_state(hub_actor::pointer self);

  hub_actor::behavior_type make_behavior(tasks_actor tasks, access_policy gate);

private:
  // -- Engine.IO --------------------------------------------------------------

  void take(const http::exchange_ptr& exchange);
  /// @param polls whether it comes by polling, from where it can go over.
  session* open(const http::exchange_ptr& exchange, bool polls);
  void take_post(session& x, const http::exchange_ptr& exchange);
  void link(session& x, const http::exchange_ptr& exchange);
  void on_link(hub_link& x);
  void on_probe(session& x, hub_link& said);
  void on_packet(session& x, std::string_view packet);
  void tick();
  void drop(const std::string& id);

  // -- Socket.IO --------------------------------------------------------------

  void on_message(session& x, const packet& got);
  void connect(session& x, const packet& got);
  void on_event(session& x, const packet& got);
  void tell(const task_event& x);

  /// Wants to know of tasks while a client is connected.
  void follow();

  hub_actor::pointer self_;
  tasks_actor tasks_;
  access_policy gate_{{}};
  std::map<std::string, session> sessions_;
  struct tried_link {
    std::string session;
    std::shared_ptr<http::websocket> socket;
  };
  /// WebSockets that are tried, of sessions that poll.
  std::map<std::uint64_t, tried_link> tried_;
  std::uint64_t last_link_ = 0;
  bool ticks_ = false;
  bool follows_ = false;
};

hub_actor::behavior_type hub(hub_actor::stateful_pointer<hub_state> self,
                             tasks_actor tasks, access_policy gate);

} // namespace orc::server::socket_io
