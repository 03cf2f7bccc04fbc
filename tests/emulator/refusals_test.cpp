#include "emulator_fixture.hpp"

#include <future>
#include <vector>

using namespace orc::emulator;

namespace {

options small_account() {
  auto result = options{};
  result.accounts = {{"tester", "emulator-token", 1024, 3}};
  return result;
}

} // namespace

TEST_CASE("a run that the account's memory does not hold is refused") {
  auto api = emulator_fixture{small_account()};
  const auto first = api.started(R"({"durationMs":60000})", "?memory=1024");

  const auto refused = api.start("{}", "?memory=128");

  CHECK(refused.status == 402);
  CHECK(refused.at("error.type") == "actor-memory-limit-exceeded");
  CHECK(refused.at("error.message").find("currently used: 1024MB")
        != std::string::npos);
  api.post("/v2/actor-runs/" + first + "/abort");
  api.finished(first);
  CHECK(api.start("{}", "?memory=128").status == 201);
}

TEST_CASE("one more run than the account may have is refused") {
  auto api = emulator_fixture{small_account()};
  for (auto i = 0; i < 3; ++i)
    api.started(R"({"durationMs":60000})", "?memory=128");

  const auto refused = api.start("{}", "?memory=128");

  CHECK(refused.status == 402);
  CHECK(refused.at("error.type") == "concurrent-runs-limit-exceeded");
}

TEST_CASE("limits tell what is used") {
  auto api = emulator_fixture{small_account()};
  api.started(R"({"durationMs":60000})", "?memory=128");

  const auto limits = api.get("/v2/users/me/limits");

  CHECK(limits.at("data.limits.maxActorMemoryGbytes") == "1");
  CHECK(limits.at("data.limits.maxConcurrentActorJobs") == "3");
  CHECK(limits.at("data.current.actorMemoryGbytes") == "0.125");
  CHECK(limits.at("data.current.activeActorJobCount") == "1");
}

TEST_CASE("the memory of a finished run is freed after the release lag") {
  auto opts = small_account();
  opts.release_lag = std::chrono::milliseconds{200};
  auto api = emulator_fixture{opts};

  api.start(R"({"durationMs":1})", "?memory=1024&waitForFinish=10");

  CHECK(api.start("{}", "?memory=1024").status == 402);
}

TEST_CASE("memory that is no power of two is refused") {
  auto api = emulator_fixture{};
  CHECK(api.start("{}", "?memory=100").status == 400);
  CHECK(api.start("{}", "?memory=384").status == 400);
  CHECK(api.start("{}", "?memory=65536").status == 400);
  CHECK(api.start("{}", "?memory=abc").status == 400);
}

TEST_CASE("an unknown actor, run or path is not found") {
  auto api = emulator_fixture{};
  CHECK(api.post("/v2/actors/a~b/runs").at("error.type") == "record-not-found");
  CHECK(api.get("/v2/actor-runs/none").status == 404);
  CHECK(api.get("/v2/nothing").at("error.type") == "page-not-found");
  CHECK(api.call("DELETE", "/v2/users/me").status == 405);
}

TEST_CASE("with any actor, every name runs a script") {
  auto opts = options{};
  opts.any_actor = true;
  auto api = emulator_fixture{opts};

  const auto run = api.post("/v2/actors/apify~web-scraper/runs", "{}");

  CHECK(run.status == 201);
  CHECK(api.get("/v2/actors/apify~web-scraper").at("data.username") == "apify");
  CHECK(api.get("/v2/actors/apify~web-scraper").at("data.id")
        == run.at("data.actId"));
}

TEST_CASE("a token is asked for and must be good") {
  auto api = emulator_fixture{};
  CHECK(api.call("GET", "/v2/users/me", {}, "").at("error.type")
        == "token-not-provided");
  CHECK(api.call("GET", "/v2/users/me", {}, "wrong").status == 401);
  CHECK(api.call("GET", "/v2/users/me?token=emulator-token", {}, "").status
        == 200);
}

TEST_CASE("accounts do not see each other's runs") {
  auto opts = options{};
  opts.accounts = {{"ann", "a", 1024, 5}, {"bob", "b", 1024, 5}};
  auto api = emulator_fixture{opts};
  const auto path = std::string{"/v2/actors/emulator~scripted/runs"};
  const auto run = api.call("POST", path, R"({"durationMs":60000})", "a");

  CHECK(api.call("GET", "/v2/actor-runs", {}, "a").items() == 1);
  CHECK(api.call("GET", "/v2/actor-runs", {}, "b").items() == 0);
  CHECK(
    api.call("POST", "/v2/actor-runs/" + run.at("data.id") + "/abort", {}, "b")
      .status
    == 404);
}

TEST_CASE("a payload over 9,437,184 bytes is too large") {
  auto api = emulator_fixture{};

  const auto refused
    = api.start(R"({"x":")" + std::string(9'437'184, 'x') + "\"}");

  CHECK(refused.status == 413);
  CHECK(refused.at("error.type") == "request-too-large");
}

TEST_CASE("an input that is no JSON is refused") {
  auto api = emulator_fixture{};
  CHECK(api.start("{nope").at("error.type") == "run-input-body-not-valid-json");
}

TEST_CASE("a start with webhooks that make no sense starts nothing") {
  auto api = emulator_fixture{small_account()};

  // base64 of [{"eventTypes":["NONE"],"requestUrl":"http://x/"}]
  const auto refused = api.start(
    "{}",
    "?memory=1024&webhooks="
    "W3siZXZlbnRUeXBlcyI6WyJOT05FIl0sInJlcXVlc3RVcmwiOiJodHRwOi8veC8ifV0");

  CHECK(refused.status == 400);
  CHECK(api.get("/v2/actor-runs").items() == 0);
  CHECK(api.get("/v2/users/me/limits").at("data.current.actorMemoryGbytes")
        == "0");
}

TEST_CASE("more calls than a resource takes in a second are refused") {
  auto api = emulator_fixture{};
  auto refused = 0;

  for (auto i = 0; i < 200; ++i)
    if (const auto x = api.get("/v2/users/me"); x.status == 429) {
      CHECK(x.at("error.type") == "rate-limit-exceeded");
      CHECK(x.headers.get("x-ratelimit-limit") == "60");
      ++refused;
    }

  CHECK(refused > 0);
}

TEST_CASE("limits may be forbidden to the token") {
  auto opts = options{};
  opts.limits_forbidden = true;
  auto api = emulator_fixture{opts};
  CHECK(api.get("/v2/users/me/limits").status == 403);
}

TEST_CASE("the user agent of a run shows in lists unless it is hidden") {
  auto shown = emulator_fixture{};
  auto opts = options{};
  opts.user_agent_in_lists = false;
  auto hidden = emulator_fixture{opts};
  shown.started("{}");
  const auto id = hidden.started("{}");

  CHECK(shown.get("/v2/actor-runs").body.find("userAgent")
        != std::string::npos);
  CHECK(hidden.get("/v2/actor-runs").body.find("userAgent")
        == std::string::npos);
  CHECK(hidden.get("/v2/actor-runs/" + id).body.find("userAgent")
        != std::string::npos);
}

TEST_CASE("a fault of the script happens as often as it says") {
  auto api = emulator_fixture{};
  const auto runs
    = [&api] { return api.get("/v2/actor-runs").at("data.total"); };

  CHECK(api.start(R"({"key":"a","fault":"lost"})").status == 0);
  CHECK(runs() == "1");
  CHECK(api.start(R"({"key":"a","fault":"lost"})").status == 201);
  CHECK(api.start(R"({"key":"b","fault":"cut"})").status == 0);
  CHECK(runs() == "2");
  CHECK(api.start(R"({"key":"c","fault":"half"})").status == 0);
  CHECK(runs() == "3");
  CHECK(api.start(R"({"key":"d","fault":"created-500"})").status == 500);
  CHECK(runs() == "4");
  CHECK(api.start(R"({"key":"e","fault":"500"})").status == 500);
  CHECK(api.start(R"({"key":"f","fault":"429"})").status == 429);
  CHECK(runs() == "4");
  CHECK(api.start(R"({"key":"g","fault":"slow","faultMs":5})").status == 201);
}

TEST_CASE("fault rates are replaced while the emulator runs") {
  auto api = emulator_fixture{};

  CHECK(api.post("/emulator/faults", R"({"rates":"get.500=1"})").status == 200);
  CHECK(api.get("/v2/actor-runs/x").status == 500);
  CHECK(api.get("/v2/users/me").status == 200);
  CHECK(api.post("/emulator/faults", R"({"rates":"nonsense"})").status == 400);
  CHECK(api.post("/emulator/faults", R"({"rates":""})").status == 200);
  CHECK(api.get("/v2/actor-runs/x").status == 404);
}

TEST_CASE("the control API tells what happened and forgets it") {
  auto api = emulator_fixture{};
  const auto id = api.started(R"({"durationMs":60000,"job":"j-1"})");

  const auto stats = api.get("/emulator/stats");
  CHECK(stats.at("runsStarted") == "1");
  CHECK(stats.at("startRequests") == "1");
  const auto runs = api.get("/emulator/runs?keyField=job");
  REQUIRE(runs.json.Size() == 1);
  CHECK(runs.json[0]["key"] == "j-1");
  api.wait_for_status(id, "RUNNING");
  CHECK(api.post("/emulator/runs/" + id + "/migrate").status == 200);
  CHECK(api.get("/v2/actor-runs/" + id).at("data.stats.migrationCount") == "1");

  CHECK(api.post("/emulator/reset").status == 200);
  CHECK(api.get("/emulator/stats").at("runsStarted") == "0");
  CHECK(api.get("/v2/actor-runs").items() == 0);
  CHECK(api.start(R"({"durationMs":1})", "?waitForFinish=5").at("data.status")
        == "SUCCEEDED");
}

TEST_CASE("many clients wait for one run at once") {
  auto api = emulator_fixture{};
  const auto id = api.started(R"({"durationMs":500})");
  auto waiting = std::vector<std::future<std::string>>{};

  for (auto i = 0; i < 32; ++i)
    waiting.push_back(std::async(std::launch::async, [&api, &id] {
      return api.finished(id).at("data.status");
    }));

  for (auto& x : waiting)
    CHECK(x.get() == "SUCCEEDED");
}
