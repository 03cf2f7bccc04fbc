#pragma once

#include "messages/bus/link.hpp"
#include "messages/bus/settings.hpp"
#include "transport/bus/connection.hpp"
#include "transport/bus/jetstream.hpp"
#include "transport/bus/publications.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <string>

namespace orc::bus {

/// What the client library tells, on its way to the actor.
struct link_news {
  enum class kind : std::uint8_t { closed, message };

  kind what = kind::message;
  /// Of which connection: news of an earlier one are old.
  std::uint64_t connection = 0;
  std::string why;
  std::uint32_t channel = 0;
  bus_message message;
};

/// Time to try again, and to give up what was not answered.
struct link_tick {};

} // namespace orc::bus

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::bus::link_news)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::bus::link_tick)

namespace orc::bus {

using link_inbox = bus_link_actor::extend<caf::reacts_to<link_news>,
                                          caf::reacts_to<link_tick>>;

/// Keeps one connection to the bus and the streams of the instance there.
///
///     away --connected--> up --streams made--> up with streams
///      ^                   |                        |
///      `------broken-------`-----------broken-------'
///
/// It connects and sends where it runs, which may block: spawn it detached.
class link_state {
public:
  static inline const char* name = "bus-link";

  explicit link_state(link_inbox::pointer self);

  link_inbox::behavior_type make_behavior(bus_settings settings);

private:
  using clock = std::chrono::steady_clock;

  // -- the connection
  void open(const open_bus& x);
  void connect();
  connection_events make_events();
  caf::error subscribe();
  void handle(const link_news& x);
  void came_up();
  void give_up(const std::string& why);
  void tick();
  void beat();

  // -- streams
  void make_next_stream();
  void stream_made(const bus_message& x);
  void streams_ready(bool ready);
  void tell_up(std::optional<bool> has_streams);

  // -- messages
  void take(const link_news& x);
  void take_answer(const bus_message& x);
  void send(bus_message x);
  void send_now(const bus_message& x);
  void keep(bus_message x);
  caf::result<bus_stored> publish(const publish_bus& x);
  void published(std::uint64_t id, const bus_message& x);
  void demand(const pull_work& x);
  bus_flushed flush();
  void pull();
  void pulled(const bus_message& x);
  std::string inbox(char kind, std::uint64_t id) const;
  void stop(const caf::exit_msg& why);

  link_inbox::pointer self_;
  bus_settings settings_;
  bus_sink sink_;
  std::unique_ptr<connection> connection_;
  std::uint64_t connection_id_ = 0;
  /// Servers that the last one has named.
  std::vector<std::string> discovered_;
  bool up_ = false;
  bool has_streams_ = false;
  /// When the server last said anything, and was last asked to.
  clock::time_point heard_;
  clock::time_point asked_;
  /// What is said while it is away, up to a size: answers, settlements.
  std::deque<bus_message> kept_;
  std::size_t kept_bytes_ = 0;
  clock::time_point next_attempt_;
  std::chrono::milliseconds pause_{0};
  /// Begins the subjects of answers to us.
  std::string inbox_;
  std::vector<stream_request> streams_;
  /// The one that is being made, from 1 on; 0: none.
  std::size_t next_stream_ = 0;
  clock::time_point stream_deadline_;
  std::uint64_t last_id_ = 0;
  publications publications_;
  /// Durable commands: for so many there is room, beyond what was asked for.
  std::uint32_t room_ = 0;
  /// The pull that is under way, or 0, and how much it may still bring.
  std::uint64_t pull_ = 0;
  std::uint32_t pulling_ = 0;
  clock::time_point pull_deadline_;
};

/// Starts a BUS LINK.
link_inbox::behavior_type
bus_link(link_inbox::stateful_pointer<link_state> self, bus_settings settings);

} // namespace orc::bus
