#pragma once

#include "messages/base/error.hpp"
#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/message.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc {

struct bus_header {
  std::string name;
  std::string value;

  friend bool operator==(const bus_header&, const bus_header&) = default;

  static constexpr auto fields
    = describe("bus_header", "A header of a message.",
               field("name", &bus_header::name, "As sent."),
               field("value", &bus_header::value, "One line."));
};

/// A message on the bus.
struct bus_message {
  std::string subject;
  /// Where an answer goes; empty if none is expected.
  std::string reply;
  std::vector<bus_header> headers;
  json_text data;

  /// @returns the value of the first header called `name`, or "".
  std::string_view header(std::string_view name) const {
    for (const auto& x : headers)
      if (x.name == name)
        return x.value;
    return {};
  }

  static constexpr auto fields
    = describe("bus_message", "A message on the bus.",
               field("subject", &bus_message::subject, "Of it."),
               field("reply", &bus_message::reply, "For an answer."),
               field("headers", &bus_message::headers, "In order."),
               field("data", &bus_message::data, "Its body."));
};

// -- what the link is asked to do ---------------------------------------------

/// Sends a message, if the bus is up now.
struct send_bus {
  bus_message message;

  static constexpr auto fields
    = describe("send_bus", "Sends a message.",
               field("message", &send_bus::message, "This one."));
};

/// Sends a message into a stream of the bus.
struct publish_bus {
  bus_message message;

  static constexpr auto fields
    = describe("publish_bus", "Sends a message into a stream.",
               field("message", &publish_bus::message, "This one."));
};

/// The stream has it on its disk.
struct bus_stored {
  std::string stream;
  std::uint64_t sequence = 0;
  /// It had a message with this id already.
  bool duplicate = false;

  static constexpr auto fields
    = describe("bus_stored", "The stream has it.",
               field("stream", &bus_stored::stream, "Which."),
               field("sequence", &bus_stored::sequence, "Where in it."),
               field("duplicate", &bus_stored::duplicate, "It had it."));
};

/// There is room for so many durable commands besides those that were passed
/// on: replaces what was said before.
struct pull_work {
  std::uint32_t most = 0;

  static constexpr auto fields
    = describe("pull_work", "There is room for durable commands.",
               field("most", &pull_work::most, "So many."));
};

/// How a durable command ended, for the bus.
enum class work_end : std::uint8_t {
  /// It is done: the bus forgets it.
  done,
  /// It comes again, after a pause.
  retry,
  /// It makes no sense: the bus forgets it.
  hopeless,
  /// It is being worked on: it comes again later than it would have.
  progress,
};

struct settle_work {
  /// See `bus_work`.
  std::string token;
  work_end end = work_end::done;
  /// For `retry`.
  std::chrono::milliseconds pause{0};

  template <class Inspector>
  friend auto inspect(Inspector& f, settle_work& x) {
    return f(caf::meta::type_name("settle_work"), x.token, x.end, x.pause);
  }
};

/// Asks for an answer once all that was sent before has gone out, or cannot.
struct flush_bus {
  static constexpr auto fields
    = describe("flush_bus", "Lets everything go out.");
};

struct bus_flushed {
  static constexpr auto fields
    = describe("bus_flushed", "Everything has gone out.");
};

// -- what the link tells ------------------------------------------------------

/// The bus can be reached.
struct bus_up {
  /// Without what may be secret in it.
  std::string server;
  /// Larger messages are refused by the bus. In bytes.
  std::uint64_t max_payload = 0;
  /// It has streams: events and durable commands can go on. Nothing: that is
  /// being found out.
  std::optional<bool> has_streams;

  static constexpr auto fields
    = describe("bus_up", "The bus can be reached.",
               field("server", &bus_up::server, "Which."),
               field("maxPayload", &bus_up::max_payload, "In bytes."),
               field("hasStreams", &bus_up::has_streams, presence::optional,
                     "Is it durable?"));
};

/// It cannot be reached any more; what was published and not acknowledged has
/// failed.
struct bus_down {
  std::string why;

  static constexpr auto fields
    = describe("bus_down", "The bus cannot be reached.",
               field("why", &bus_down::why, "One sentence."));
};

/// Somebody asks the service.
struct bus_request {
  bus_message message;

  static constexpr auto fields
    = describe("bus_request", "Somebody asks the service.",
               field("message", &bus_request::message, "What."));
};

/// A durable command.
struct bus_work {
  bus_message message;
  /// Names this delivery.
  std::string token;
  std::uint64_t sequence = 0;
  /// When the bus took it: nanoseconds since 1970.
  std::uint64_t stored_at = 0;
  /// 1 the first time.
  std::uint64_t deliveries = 0;

  static constexpr auto fields
    = describe("bus_work", "A durable command.",
               field("message", &bus_work::message, "What."),
               field("token", &bus_work::token, "Of this delivery."),
               field("sequence", &bus_work::sequence, "In its stream."),
               field("storedAt", &bus_work::stored_at, "In nanoseconds."),
               field("deliveries", &bus_work::deliveries, "From 1 on."));
};

/// Whom the link tells.
using bus_sink
  = caf::typed_actor<caf::reacts_to<bus_up>, caf::reacts_to<bus_down>,
                     caf::reacts_to<bus_request>, caf::reacts_to<bus_work>>;

/// Tells a sink of everything from now on, and connects.
struct open_bus {
  bus_sink sink;

  template <class Inspector>
  friend auto inspect(Inspector& f, open_bus& x) {
    return f(caf::meta::type_name("open_bus"), x.sink);
  }
};

/// The BUS LINK interface: one connection to the bus, which is made again
/// whenever it breaks. Ids of messages (`Nats-Msg-Id`) are headers like others.
using bus_link_actor
  = caf::typed_actor<caf::reacts_to<open_bus>, caf::reacts_to<send_bus>,
                     // Fails with `ec::not_sent` while the bus is down or has
                     // no such stream, with `ec::answer_lost` if it does not
                     // say in time that it has the message, and with
                     // `ec::api_refused` if it refuses it.
                     caf::replies_to<publish_bus>::with<bus_stored>,
                     caf::reacts_to<pull_work>, caf::reacts_to<settle_work>,
                     caf::replies_to<flush_bus>::with<bus_flushed>>;

} // namespace orc

#define ORC_BUS_LINK_MESSAGES(X)                                               \
  X(orc::open_bus)                                                             \
  X(orc::send_bus)                                                             \
  X(orc::publish_bus)                                                          \
  X(orc::bus_stored)                                                           \
  X(orc::pull_work)                                                            \
  X(orc::settle_work)                                                          \
  X(orc::flush_bus)                                                            \
  X(orc::bus_flushed)                                                          \
  X(orc::bus_up)                                                               \
  X(orc::bus_down)                                                             \
  X(orc::bus_request)                                                          \
  X(orc::bus_work)

ORC_BUS_LINK_MESSAGES(ORC_DECLARE_MESSAGE)
