#include "actors/bus/facts.hpp"

#include "messages/json/json.hpp"
#include "messages/json/raw_object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <utility>

namespace orc {

namespace {

constexpr std::string_view type_prefix = "apify-orchestrator.";

/// @returns `task.update` of `task:update`, and nothing that a subject may not
///          have.
std::string kind_of(std::string name) {
  std::replace_if(
    name.begin(), name.end(),
    [](unsigned char c) {
      return std::isalnum(c) == 0 && c != '-' && c != '_' && c != '.';
    },
    '.');
  return name;
}

} // namespace

fact_maker::fact_maker(std::string store) : store_{std::move(store)} {
  // nop
}

owed_event fact_maker::make(const task_event& x, std::uint64_t number,
                            timestamp at) const {
  bus_event result;
  result.id = fmt::format("{}-t{}-{}", store_, at.millis, number);
  result.subject = x.room;
  result.time = at;
  result.data = x.data;
  return finish(std::move(result), kind_of(x.name));
}

owed_event
fact_maker::make(const command_outcome& x, bool failed, timestamp at) const {
  bus_event result;
  result.id = fmt::format("{}-c-{}", store_, x.id);
  result.subject = x.id;
  result.time = at;
  result.data = json_text{to_json(x)};
  return finish(std::move(result), failed ? "command.failed" : "command.done");
}

owed_event fact_maker::finish(bus_event x, std::string_view kind) const {
  x.source = "/apify-orchestrator/" + store_;
  x.type = std::string{type_prefix}.append(kind);
  owed_event result;
  result.event_id = x.id;
  result.entity = std::hash<std::string>{}(x.subject) >> 1;
  result.event = json_text{to_json(x)};
  return result;
}

std::optional<event_route> route_of(std::string_view event) {
  auto members = raw_object::read(event);
  if (!members)
    return std::nullopt;
  auto type = members->text("type").value_or("");
  if (!type.starts_with(type_prefix))
    return std::nullopt;
  return event_route{type.substr(type_prefix.size()),
                     members->text("subject").value_or("")};
}

json_text without_data(std::string_view event) {
  auto members = raw_object::read(event);
  if (!members)
    return json_text{std::string{event}};
  std::string result;
  for (const auto& name : members->names())
    if (name != "data")
      result.append(result.empty() ? "{" : ",")
        .append(fmt::format("{}:{}", json_quote(name), members->raw(name)));
  return json_text{result + R"(,"orctruncated":true})"};
}

} // namespace orc
