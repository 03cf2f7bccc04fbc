#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/timestamp.hpp"

#include <cstdint>
#include <string>

namespace orc {

/// A fact of any kind as CloudEvents 1.0 has it, in structured JSON.
struct bus_event {
  std::string specversion = "1.0";
  std::string id;
  std::string source;
  std::string type;
  std::string subject;
  timestamp time;
  std::string datacontenttype = "application/json";
  json_text data;

  static constexpr auto fields = describe(
    "bus_event", "A fact in the form of CloudEvents 1.0.",
    field("specversion", &bus_event::specversion, "Always 1.0."),
    field("id", &bus_event::id, "The same on every repeat."),
    field("source", &bus_event::source,
          "`/apify-orchestrator/` and the id of the store."),
    field("type", &bus_event::type,
          "`apify-orchestrator.` and the kind, such as `task.update`."),
    field("subject", &bus_event::subject, "What it is about."),
    field("time", &bus_event::time, "When."),
    field("datacontenttype", &bus_event::datacontenttype,
          "Always application/json."),
    field("data", &bus_event::data, "What it was after it."));
};

/// What is told of a durable command that has ended.
struct command_outcome {
  std::string id;
  std::string verb;
  std::uint32_t status = 0;
  json_text answer;

  static constexpr auto fields
    = describe("command_outcome", "How a durable command ended.",
               field("id", &command_outcome::id, "`Nats-Msg-Id` of it."),
               field("verb", &command_outcome::verb, "What it asked for."),
               field("status", &command_outcome::status, "As HTTP has it."),
               field("answer", &command_outcome::answer, presence::optional,
                     "What HTTP would answer; left out if it is no JSON or too "
                     "long."));
};

} // namespace orc
