#include "actors/bus/facts.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>

using namespace orc;

namespace {

rapidjson::Document read(const owed_event& x) {
  rapidjson::Document result;
  auto text = x.event.view();
  result.Parse(text.data(), text.size());
  REQUIRE(!result.HasParseError());
  return result;
}

} // namespace

TEST_CASE("a fact is a CloudEvent of version 1.0") {
  auto facts = fact_maker{"abc"};
  auto made = facts.make(task_event{"group-1", "task:update",
                                    json_text{R"({"id":"t"})"}},
                         7, timestamp{1000});
  auto event = read(made);

  CHECK(std::string{event["specversion"].GetString()} == "1.0");
  CHECK(event["id"].GetString() == made.event_id);
  CHECK(std::string{event["source"].GetString()} == "/apify-orchestrator/abc");
  CHECK(std::string{event["type"].GetString()}
        == "apify-orchestrator.task.update");
  CHECK(std::string{event["subject"].GetString()} == "group-1");
  CHECK(std::string{event["time"].GetString()} == "1970-01-01T00:00:01.000Z");
  CHECK(std::string{event["datacontenttype"].GetString()}
        == "application/json");
  CHECK(std::string{event["data"]["id"].GetString()} == "t");
}

TEST_CASE("facts of a command tell how it ended") {
  auto facts = fact_maker{"abc"};
  command_outcome outcome{"c-1", "run.submit", 201, json_text{"[1]"}};
  auto done = read(facts.make(outcome, false, {}));
  CHECK(std::string{done["type"].GetString()}
        == "apify-orchestrator.command.done");
  CHECK(done["data"]["status"].GetInt() == 201);
  CHECK(done["data"]["answer"].IsArray());
  outcome.answer = {};
  auto failed = read(facts.make(outcome, true, {}));
  CHECK(std::string{failed["type"].GetString()}
        == "apify-orchestrator.command.failed");
  CHECK(!failed["data"].HasMember("answer"));
}

TEST_CASE("the kind and the subject of an event say where it goes") {
  auto made = fact_maker{"abc"}.make(
    task_event{"g", "task:release:key", json_text{"{}"}}, 1, {});
  auto route = route_of(made.event.view());
  REQUIRE(route);
  CHECK(route->kind == "task.release.key");
  CHECK(route->entity == "g");
  CHECK(!route_of("{}"));
  CHECK(!route_of("no json"));
  CHECK(!route_of(R"({"type":"somebody.else"})"));
}

TEST_CASE("an event that is too large goes without its data") {
  auto made = fact_maker{"abc"}.make(
    task_event{"g", "task:update", json_text{R"({"large":true})"}}, 1, {});
  auto small = without_data(made.event.view());
  rapidjson::Document event;
  event.Parse(std::string{small.view()});
  REQUIRE(!event.HasParseError());
  CHECK(!event.HasMember("data"));
  CHECK(event["orctruncated"].GetBool());
  CHECK(event["id"].GetString() == made.event_id);
}
