#include "emulator_fixture.hpp"
#include "tests/support/temp_folder.hpp"

#include <string>

using namespace orc::emulator;

namespace {

/// Where an emulator keeps its data, and finds Apify actors.
struct folder : orc::test::temp_folder {
  /// Makes an Apify actor that runs a shell script.
  void add_actor(const std::string& name, const std::string& script) const {
    write(name + "/.actor/actor.json",
          R"({"actorSpecification":1,"name":")" + name
            + R"(","version":"0.1","input":{"title":"t","type":"object",)"
              R"("schemaVersion":1,"properties":{"n":{"title":"n",)"
              R"("type":"integer","minimum":1,"description":"d"}}},)"
              R"("orchestrator":{"command":["sh","main.sh"]}})");
    write(name + "/main.sh", script);
  }
};

options keeping(const folder& where) {
  auto result = options{};
  result.data = where.path();
  return result;
}

} // namespace

TEST_CASE("runs, tasks and webhooks outlive the emulator") {
  const auto where = folder{};
  auto id = std::string{};
  {
    auto api = emulator_fixture{keeping(where)};
    id = api.started(R"({"durationMs":1,"items":2,"usageTotalUsd":2})");
    api.finished(id);
    api.post("/v2/actor-tasks", R"({"actId":"~scripted","name":"t",
      "input":{"a":1}})");
    api.post("/v2/webhooks", R"({"eventTypes":["ACTOR.RUN.FAILED"],
      "requestUrl":"http://127.0.0.1:9/","condition":{}})");
  }

  auto api = emulator_fixture{keeping(where)};

  const auto run = api.get("/v2/actor-runs/" + id);
  CHECK(run.at("data.status") == "SUCCEEDED");
  CHECK(run.at("data.usageTotalUsd") == "2");
  CHECK(api.get("/v2/actor-runs/" + id + "/dataset/items").json.Size() == 2);
  CHECK(api.get("/v2/actor-runs/" + id + "/log").body.find("SUCCEEDED")
        != std::string::npos);
  CHECK(api.get("/v2/actor-tasks/~t/input").body == R"({"a":1})");
  CHECK(api.get("/v2/webhooks").items() == 1);
}

TEST_CASE("a run that was live goes on in the emulator's next life") {
  const auto where = folder{};
  auto id = std::string{};
  {
    auto api = emulator_fixture{keeping(where)};
    id = api.started(R"({"durationMs":300,"items":1})");
    api.wait_for_status(id, "RUNNING");
  }

  auto api = emulator_fixture{keeping(where)};

  const auto end = api.finished(id);
  CHECK(end.at("data.status") == "SUCCEEDED");
  CHECK(end.at("data.stats.migrationCount") == "1");
}

TEST_CASE("a folder that cannot be used is a clear error") {
  auto opts = options{};
  opts.data = "/proc/none";
  auto x = emulator{opts};

  CHECK(x.start());
  CHECK(x.problem().find("/proc/none") != std::string::npos);
}

TEST_CASE("a program runs as an Apify actor") {
  const auto where = folder{};
  where.add_actor("greeter", "echo hello from $ACTOR_RUN_ID\n"
                             "test \"$APIFY_TOKEN\" = emulator-token\n");
  auto opts = options{};
  opts.actors = where.path();
  auto api = emulator_fixture{opts};

  const auto run
    = api.post("/v2/actors/tester~greeter/runs?waitForFinish=20", R"({"n":1})");

  const auto id = run.at("data.id");
  CHECK(run.at("data.status") == "SUCCEEDED");
  CHECK(api.get("/v2/actor-runs/" + id + "/log").body.find("hello from " + id)
        != std::string::npos);
  CHECK(
    api.get("/v2/actors/~greeter").at("data.taggedBuilds.latest.buildNumber")
    == "0.1.1");
}

TEST_CASE("a program's input is held against its schema before it starts") {
  const auto where = folder{};
  where.add_actor("greeter", "exit 0\n");
  auto opts = options{};
  opts.actors = where.path();
  auto api = emulator_fixture{opts};

  const auto refused = api.post("/v2/actors/~greeter/runs", R"({"n":0})");

  CHECK(refused.status == 400);
  CHECK(refused.at("error.type") == "invalid-input");
  CHECK(api.post("/v2/actors/~greeter/validate-input", R"({"n":1})").body
        == R"({"valid":true})");
}

TEST_CASE("a program's exit code, timeout and abort decide how its run ends") {
  const auto where = folder{};
  where.add_actor("failing", "exit 7\n");
  where.add_actor("sleeping", "sleep 60\n");
  auto opts = options{};
  opts.actors = where.path();
  auto api = emulator_fixture{opts};

  const auto failed
    = api.post("/v2/actors/~failing/runs?waitForFinish=20", "{}");
  CHECK(failed.at("data.status") == "FAILED");
  CHECK(failed.at("data.exitCode") == "7");
  const auto slow
    = api.post("/v2/actors/~sleeping/runs?timeout=1&waitForFinish=20", "{}");
  CHECK(slow.at("data.status") == "TIMED-OUT");
  const auto id = api.post("/v2/actors/~sleeping/runs", "{}").at("data.id");
  api.wait_for_status(id, "RUNNING");
  api.post("/v2/actor-runs/" + id + "/abort");
  CHECK(api.finished(id).at("data.status") == "ABORTED");
}
