#include "emulator_fixture.hpp"

using namespace orc::emulator;

TEST_CASE("a run starts READY and ends as its script says") {
  auto api = emulator_fixture{};

  const auto run = api.start(R"({"durationMs":50,"items":3})", "?memory=256");
  CHECK(run.status == 201);
  CHECK(run.at("data.status") == "READY");
  CHECK(run.at("data.options.memoryMbytes") == "256");
  CHECK(!run.headers.get("location").empty());

  const auto end = api.finished(run.at("data.id"));
  CHECK(end.at("data.status") == "SUCCEEDED");
  CHECK(end.at("data.exitCode") == "0");
  const auto items
    = api.get("/v2/datasets/" + end.at("data.defaultDatasetId") + "/items");
  CHECK(items.json.Size() == 3);
}

TEST_CASE("waitForFinish answers when the run ends") {
  auto api = emulator_fixture{};

  const auto run = api.start(R"({"durationMs":100})", "?waitForFinish=10");

  CHECK(run.status == 201);
  CHECK(run.at("data.status") == "SUCCEEDED");
}

TEST_CASE("a script may fail, time out or be aborted") {
  auto api = emulator_fixture{};
  const auto status_of = [&api](const std::string& outcome) {
    const auto id = api.started(R"({"durationMs":1,"outcome":")" + outcome
                                + R"(","exitCode":3})");
    return api.finished(id).at("data.status");
  };

  CHECK(status_of("TIMED-OUT") == "TIMED-OUT");
  CHECK(status_of("ABORTED") == "ABORTED");
  CHECK(status_of("FAILED") == "FAILED");
}

TEST_CASE("runs of a key fail as often as the script says") {
  auto api = emulator_fixture{};
  const auto attempt = [&api] {
    return api
      .finished(api.started(R"({"durationMs":1,"key":"k","failFirst":2})"))
      .at("data.status");
  };

  CHECK(attempt() == "FAILED");
  CHECK(attempt() == "FAILED");
  CHECK(attempt() == "SUCCEEDED");
}

TEST_CASE("a run that takes too long is timed out") {
  auto api = emulator_fixture{};

  const auto id = api.started(R"({"durationMs":60000})", "?timeout=1");

  CHECK(api.finished(id).at("data.status") == "TIMED-OUT");
}

TEST_CASE("an aborted run ends ABORTED, and aborting it again does nothing") {
  auto api = emulator_fixture{};
  const auto id = api.started(R"({"durationMs":60000})");

  CHECK(api.post("/v2/actor-runs/" + id + "/abort").at("data.status")
        == "ABORTING");
  CHECK(api.finished(id).at("data.status") == "ABORTED");
  const auto again = api.post("/v2/actor-runs/" + id + "/abort");
  CHECK(again.status == 200);
  CHECK(again.at("data.status") == "ABORTED");
}

TEST_CASE("a run that was aborted gracefully has time to end") {
  auto api = emulator_fixture{};
  const auto id = api.started(R"({"durationMs":60000,"gracefulAbortMs":300})");
  api.wait_for_status(id, "RUNNING");

  api.post("/v2/actor-runs/" + id + "/abort?gracefully=1");

  CHECK(api.get("/v2/actor-runs/" + id).at("data.status") == "ABORTING");
  CHECK(api.finished(id).at("data.status") == "ABORTED");
}

TEST_CASE("a resurrected run goes on with the same storages") {
  auto api = emulator_fixture{};
  const auto id = api.started(
    R"({"durationMs":1,"outcome":"TIMED-OUT","resurrectedOutcome":"SUCCEEDED"})");
  const auto before = api.finished(id);

  const auto revived = api.post("/v2/actor-runs/" + id + "/resurrect");
  CHECK(revived.status == 200);
  CHECK(revived.at("data.status") == "RUNNING");

  const auto after = api.finished(id);
  CHECK(after.at("data.status") == "SUCCEEDED");
  CHECK(after.at("data.stats.resurrectCount") == "1");
  CHECK(after.at("data.defaultDatasetId")
        == before.at("data.defaultDatasetId"));
}

TEST_CASE("only a run that has finished is resurrected, only one that runs is "
          "rebooted, only one that has finished is deleted") {
  auto api = emulator_fixture{};
  const auto id = api.started(R"({"durationMs":60000})");
  const auto path = "/v2/actor-runs/" + id;
  api.wait_for_status(id, "RUNNING");

  CHECK(api.post(path + "/resurrect").status == 400);
  CHECK(api.call("DELETE", path).at("error.type")
        == "cannot-remove-running-run");
  CHECK(api.post(path + "/reboot").at("data.stats.rebootCount") == "1");
  api.post(path + "/abort");
  api.finished(id);
  CHECK(api.post(path + "/reboot").at("error.type") == "job-finished");
  CHECK(api.call("DELETE", path).status == 204);
  CHECK(api.get(path).status == 404);
}

TEST_CASE("a run restarts on error as often as the platform allows") {
  auto api = emulator_fixture{};

  const auto id = api.started(R"({"durationMs":1,"key":"r","failFirst":2})",
                              "?restartOnError=1");

  const auto end = api.finished(id);
  CHECK(end.at("data.status") == "SUCCEEDED");
  CHECK(end.at("data.stats.restartCount") == "2");
}

TEST_CASE("a run becomes another Apify actor by metamorphosis") {
  auto api = emulator_fixture{};
  const auto id = api.started(R"({"durationMs":60000})");
  api.wait_for_status(id, "RUNNING");

  const auto changed
    = api.post("/v2/actor-runs/" + id + "/metamorph?targetActorId=~scripted",
               R"({"durationMs":1,"items":2})");

  CHECK(changed.status == 200);
  const auto end = api.finished(id);
  CHECK(end.at("data.status") == "SUCCEEDED");
  CHECK(end.at("data.stats.metamorph") == "1");
  const auto input = api.get("/v2/actor-runs/" + id
                             + "/key-value-store/records/INPUT-METAMORPH-1");
  CHECK(input.at("items") == "2");
}

TEST_CASE("lists show runs by status, actor and time") {
  auto api = emulator_fixture{};
  api.finished(api.started(R"({"durationMs":1})"));
  const auto live = api.start(R"({"durationMs":60000})");
  const auto started_at = live.at("data.startedAt");

  CHECK(api.get("/v2/actor-runs").at("data.total") == "2");
  CHECK(api.get("/v2/actor-runs?status=READY%2CRUNNING").items() == 1);
  CHECK(api.get("/v2/acts/emulator~scripted/runs?desc=1&limit=1").items() == 1);
  CHECK(api.get("/v2/actor-runs?startedAfter=" + started_at).items() >= 1);
  CHECK(api.get("/v2/actor-runs?startedBefore=2000-01-01").items() == 0);
  CHECK(api.get("/v2/actor-runs?status=DONE").status == 400);
}

TEST_CASE("the last run and its storages are found through the actor") {
  auto api = emulator_fixture{};
  const auto id = api.started(R"({"durationMs":1,"items":2})");
  api.finished(id);
  const auto last = std::string{"/v2/actors/emulator~scripted/runs/last"};

  CHECK(api.get(last + "?status=SUCCEEDED").at("data.id") == id);
  CHECK(api.get(last + "/dataset/items").json.Size() == 2);
  CHECK(api.get(last + "/key-value-store/records/INPUT").at("items") == "2");
  CHECK(api.get(last + "/log").body.find("SUCCEEDED") != std::string::npos);
  CHECK(api.get(last + "?status=FAILED").status == 404);
}

TEST_CASE("a task runs its actor with its input and options") {
  auto api = emulator_fixture{};
  const auto task = api.post("/v2/actor-tasks",
                             R"({"actId":"emulator~scripted","name":"quick",
        "input":{"durationMs":1,"items":4},"options":{"memoryMbytes":512}})");
  REQUIRE(task.status == 201);

  const auto run
    = api.post("/v2/actor-tasks/tester~quick/runs", R"({"items":1})");

  CHECK(run.at("data.actorTaskId") == task.at("data.id"));
  CHECK(run.at("data.options.memoryMbytes") == "512");
  const auto end = api.finished(run.at("data.id"));
  CHECK(end.at("data.status") == "SUCCEEDED");
  CHECK(api.get("/v2/actor-runs/" + run.at("data.id") + "/dataset/items")
          .json.Size()
        == 1);
}

TEST_CASE("a run that is started in sync answers its items") {
  auto api = emulator_fixture{};

  const auto items
    = api.post("/v2/acts/emulator~scripted/run-sync-get-dataset-items?limit=2",
               R"({"durationMs":20,"items":5})");

  CHECK(items.json.Size() == 2);
}

TEST_CASE("a status message and charges show in the run") {
  auto api = emulator_fixture{};
  const auto id = api.started(R"({"durationMs":60000})");
  const auto path = "/v2/actor-runs/" + id;

  api.call("PUT", path, R"({"statusMessage":"half way"})");
  const auto charge
    = api.post(path + "/charge", R"({"eventName":"page","count":3})");

  CHECK(charge.status == 201);
  CHECK(api.get(path).at("data.statusMessage") == "half way");
  CHECK(api.get(path).at("data.chargedEventCounts.page") == "3");
}

TEST_CASE("what a run costs is told to its owner alone") {
  auto api = emulator_fixture{};
  const auto id = api.started(R"({"durationMs":1,"usageTotalUsd":0.25})");
  api.finished(id);
  const auto path = "/v2/actor-runs/" + id;

  CHECK(api.get(path).at("data.usageTotalUsd") == "0.25");
  CHECK(api.call("GET", path, {}, "").at("data.usageTotalUsd") == "(missing)");
  CHECK(api.get("/v2/users/me/limits").at("data.current.monthlyUsageUsd")
        == "0.25");
}

TEST_CASE("the method may be overridden in the query") {
  auto api = emulator_fixture{};
  const auto id = api.started(R"({"durationMs":60000})");

  CHECK(api.get("/v2/actor-runs/" + id + "/abort?method=POST").at("data.status")
        == "ABORTING");
}
