#include "actors/bus/micro_service.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>

using namespace orc;

namespace {

micro_service make_service() {
  return {"main",
          "ID1",
          {},
          {{"run.submit", "POST", "/api/v1/runs", "Submits.", "", true},
           {"event.stream", "GET", "/api/v1/events", "", "it streams", true}}};
}

rapidjson::Document ask(const micro_service& x, std::string_view subject) {
  rapidjson::Document result;
  auto answer = x.answer(subject);
  REQUIRE(answer);
  result.Parse(*answer);
  REQUIRE(!result.HasParseError());
  return result;
}

} // namespace

TEST_CASE("the service answers to its name and its id, and to no other") {
  auto x = make_service();
  for (std::string verb : {"PING", "INFO", "STATS"})
    for (std::string rest :
         {"", ".apify-orchestrator", ".apify-orchestrator.ID1"})
      CHECK(ask(x, "$SRV." + verb + rest)["id"].GetString()
            == std::string{"ID1"});
  CHECK(!x.answer("$SRV.PING.other"));
  CHECK(!x.answer("$SRV.PING.apify-orchestrator.ID2"));
  CHECK(!x.answer("$SRV.PING.apify-orchestrators"));
  CHECK(!x.answer("$SRV.OTHER"));
  CHECK(!x.answer("orchestrator.main.cmd.run.submit"));
}

TEST_CASE("a ping is answered as ADR-32 of NATS has it") {
  auto ping = ask(make_service(), "$SRV.PING");
  CHECK(ping["type"].GetString()
        == std::string{"io.nats.micro.v1.ping_response"});
  CHECK(ping["name"].GetString() == std::string{"apify-orchestrator"});
  CHECK(ping["version"].IsString());
  CHECK(ping["metadata"]["instance"].GetString() == std::string{"main"});
}

TEST_CASE("every verb that has one answer is an endpoint") {
  auto info = ask(make_service(), "$SRV.INFO");
  CHECK(info["type"].GetString()
        == std::string{"io.nats.micro.v1.info_response"});
  REQUIRE(info["endpoints"].Size() == 1);
  const auto& one = info["endpoints"][0];
  CHECK(one["name"].GetString() == std::string{"run_submit"});
  CHECK(one["subject"].GetString()
        == std::string{"orchestrator.main.cmd.run.submit"});
  CHECK(one["queue_group"].GetString() == std::string{"q"});
  CHECK(one["metadata"]["path"].GetString() == std::string{"/api/v1/runs"});
}

TEST_CASE("statistics count requests, errors and time") {
  using std::chrono::nanoseconds;
  auto x = make_service();
  x.count("run.submit", nanoseconds{100}, "");
  x.count("run.submit", nanoseconds{300}, "no such run");
  x.count("unknown", nanoseconds{1}, "");
  auto stats = ask(x, "$SRV.STATS");
  CHECK(stats["type"].GetString()
        == std::string{"io.nats.micro.v1.stats_response"});
  CHECK(stats["started"].GetString()
        == std::string{"1970-01-01T00:00:00.000Z"});
  const auto& one = stats["endpoints"][0];
  CHECK(one["num_requests"].GetInt() == 2);
  CHECK(one["num_errors"].GetInt() == 1);
  CHECK(one["last_error"].GetString() == std::string{"no such run"});
  CHECK(one["processing_time"].GetInt() == 400);
  CHECK(one["average_processing_time"].GetInt() == 200);
}
