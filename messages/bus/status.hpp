#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/message.hpp"
#include "messages/base/timestamp.hpp"

#include <caf/atom.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace orc {

/// How the bridge to the bus stands. Counts are of this process.
struct bus_status {
  std::string instance;
  bool connected = false;
  /// JetStream works: durable commands come in, facts go out.
  bool has_streams = false;
  /// While it is connected.
  std::string server;
  /// Since when it is connected, or is not.
  std::optional<timestamp> since;
  std::uint64_t connects = 0;
  std::uint64_t messages_in = 0;
  std::uint64_t messages_out = 0;
  std::uint64_t requests = 0;
  std::uint64_t requests_refused = 0;
  std::uint64_t requests_under_way = 0;
  std::uint64_t commands_done = 0;
  std::uint64_t commands_parked = 0;
  std::uint64_t commands_postponed = 0;
  std::uint64_t commands_redelivered = 0;
  std::uint64_t commands_in_hand = 0;
  std::uint64_t events_published = 0;
  /// What the store owes the bus.
  std::uint64_t events_owed = 0;
  std::optional<timestamp> oldest_owed;
  std::uint64_t events_dropped = 0;

  static constexpr auto fields = describe(
    "bus_status", "How the bridge to the bus stands; counts since the start.",
    field("instance", &bus_status::instance, "Our name on the bus."),
    field("connected", &bus_status::connected, "Is there a connection?"),
    field("hasStreams", &bus_status::has_streams,
          "Do durable commands come in, and facts go out?"),
    field("server", &bus_status::server, presence::optional,
          "Of the connection."),
    field("since", &bus_status::since, presence::nullable,
          "Since when it is so."),
    field("connects", &bus_status::connects, "Connections that were made."),
    field("messagesIn", &bus_status::messages_in, "From the bus."),
    field("messagesOut", &bus_status::messages_out, "To the bus."),
    field("requests", &bus_status::requests, "Commands that were asked for."),
    field("requestsRefused", &bus_status::requests_refused,
          "Of these, beyond `max_requests`."),
    field("requestsUnderWay", &bus_status::requests_under_way, "Now."),
    field("commandsDone", &bus_status::commands_done, "Durable ones."),
    field("commandsParked", &bus_status::commands_parked,
          "That made no sense, or are unclear."),
    field("commandsPostponed", &bus_status::commands_postponed,
          "Times that one was given back, to come again."),
    field("commandsRedelivered", &bus_status::commands_redelivered,
          "Times that one came again."),
    field("commandsInHand", &bus_status::commands_in_hand, "Now."),
    field("eventsPublished", &bus_status::events_published,
          "Facts that a stream has taken."),
    field("eventsOwed", &bus_status::events_owed,
          "Facts in the store that it has not."),
    field("oldestOwedAt", &bus_status::oldest_owed, presence::nullable,
          "The oldest of them."),
    field("eventsDropped", &bus_status::events_dropped,
          "Facts beyond `max_backlog`."));
};

struct get_bus_status {
  static constexpr auto fields
    = describe("get_bus_status", "Asks how the bridge to the bus stands.");
};

/// Tells how a bridge to a bus stands.
using bus_status_actor
  = caf::typed_actor<caf::replies_to<get_bus_status>::with<bus_status>>;

} // namespace orc

#define ORC_BUS_STATUS_MESSAGES(X)                                             \
  X(orc::bus_status)                                                           \
  X(orc::get_bus_status)

ORC_BUS_STATUS_MESSAGES(ORC_DECLARE_MESSAGE)
