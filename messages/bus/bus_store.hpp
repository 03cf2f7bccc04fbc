#pragma once

#include "messages/base/error.hpp"
#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/message.hpp"
#include "messages/base/names.hpp"
#include "messages/base/timestamp.hpp"
#include "messages/run_store/saving.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orc {

/// What is owed to the bus stands among what is owed to webhooks, under a name
/// that no webhook can have.
inline constexpr std::string_view bus_outbox = "#nats";

/// How far a durable command is.
enum class command_state : std::uint8_t {
  /// It was not known.
  fresh,
  /// It was begun, and its end is not known: the process died in it.
  begun,
  done,
  /// It was refused.
  failed,
};

template <>
struct enum_names<command_state> {
  static constexpr std::array<std::string_view, 4> values{"fresh", "begun",
                                                          "done", "failed"};
};

/// Makes durable that a command is being begun.
struct begin_command {
  /// Of the message: the same command has the same however often it comes.
  std::string id;
  std::string verb;
  timestamp at;

  static constexpr auto fields
    = describe("begin_command", "A durable command is being begun.",
               field("id", &begin_command::id, "Of the message."),
               field("verb", &begin_command::verb, "What it asks for."),
               field("at", &begin_command::at, "When."));
};

/// What was known of a command before it was begun.
struct known_command {
  command_state state = command_state::fresh;
  /// As HTTP has it, once it has ended.
  std::uint32_t status = 0;
  /// JSON; too long answers are left out.
  json_text answer;

  static constexpr auto fields
    = describe("known_command", "What was known of a command.",
               field("state", &known_command::state, "How far it was."),
               field("status", &known_command::status, "Of its answer."),
               field("answer", &known_command::answer, "If it has ended."));
};

/// A fact that the bus is to be told.
struct owed_event {
  std::string event_id;
  /// Facts about one entity are told in order.
  std::uint64_t entity = 0;
  /// A CloudEvent.
  json_text event;

  static constexpr auto fields
    = describe("owed_event", "A fact that the bus is to be told.",
               field("eventId", &owed_event::event_id, "The same on repeats."),
               field("entity", &owed_event::entity, "Whose order counts."),
               field("event", &owed_event::event, "A CloudEvent."));
};

/// Makes durable how a command ended, and owes the bus the fact.
struct end_command {
  std::string id;
  bool failed = false;
  std::uint32_t status = 0;
  json_text answer;
  owed_event fact;

  static constexpr auto fields
    = describe("end_command", "A durable command has ended.",
               field("id", &end_command::id, "Of the message."),
               field("failed", &end_command::failed, "Was it refused?"),
               field("status", &end_command::status, "As HTTP has it."),
               field("answer", &end_command::answer, "JSON."),
               field("fact", &end_command::fact, "What is told of it."));
};

/// Forgets a command that was begun and did nothing.
struct forget_command {
  std::string id;

  static constexpr auto fields
    = describe("forget_command", "It was begun and did nothing.",
               field("id", &forget_command::id, "Of the message."));
};

/// Owes facts that are no steps of runs.
struct owe_events {
  std::vector<owed_event> events;

  static constexpr auto fields
    = describe("owe_events", "Owes the bus facts.",
               field("events", &owe_events::events, "In order."));
};

/// Forgets commands that were begun before a time.
struct prune_commands {
  timestamp before;

  static constexpr auto fields
    = describe("prune_commands", "Forgets old commands.",
               field("before", &prune_commands::before, "Age limit."));
};

/// The part of the PERSISTENCE that knows durable commands. Answers come after
/// the commit; a fact that is owed is told to whoever watches deliveries.
using bus_store_actor
  = caf::typed_actor<caf::replies_to<begin_command>::with<known_command>,
                     caf::replies_to<end_command>::with<saved>,
                     caf::replies_to<forget_command>::with<saved>,
                     caf::replies_to<owe_events>::with<saved>,
                     caf::replies_to<prune_commands>::with<saved>>;

} // namespace orc

#define ORC_BUS_STORE_MESSAGES(X)                                              \
  X(orc::begin_command)                                                        \
  X(orc::known_command)                                                        \
  X(orc::end_command)                                                          \
  X(orc::forget_command)                                                       \
  X(orc::owe_events)                                                           \
  X(orc::prune_commands)

ORC_BUS_STORE_MESSAGES(ORC_DECLARE_MESSAGE)
