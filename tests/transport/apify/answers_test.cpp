#include "messages/json/apify_answers.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::literals;

namespace {

constexpr auto whole_run = R"({"data":{
  "id":"r1","actId":"a1","userId":"u1","actorTaskId":"t1",
  "startedAt":"2026-11-22T17:33:05.120Z","finishedAt":"2026-11-22T17:34:00Z",
  "status":"SUCCEEDED","statusMessage":"Done","meta":{"origin":"API",
  "userAgent":"ApifyOrchestrator/1 run/k1"},"stats":{"resurrectCount":2,
  "migrationCount":3,"rebootCount":4,"restartCount":5},
  "options":{"memoryMbytes":256,"build":"latest"},"exitCode":0,
  "defaultKeyValueStoreId":"s1","defaultDatasetId":"d1",
  "usageTotalUsd":0.0125,"tomorrow":[{"x":1}]}})";

} // namespace

TEST_CASE("a run is read whole, what is unknown is passed over") {
  auto run = read_remote_run(whole_run);
  REQUIRE(run);
  CHECK(run->id == "r1");
  CHECK(run->actor_id == "a1");
  CHECK(run->task_id == "t1");
  CHECK(run->status == remote_status::succeeded);
  CHECK(to_string(run->started_at) == "2026-11-22T17:33:05.120Z");
  CHECK(run->finished_at);
  CHECK(run->user_agent == "ApifyOrchestrator/1 run/k1");
  CHECK(run->dataset_id == "d1");
  CHECK(run->key_value_store_id == "s1");
  CHECK(run->memory == 256_MiB);
  CHECK(run->status_message == "Done");
  CHECK(run->exit_code == 0);
  CHECK(run->usage_total_usd == 0.0125);
  CHECK(run->resurrect_count == 2);
  CHECK(run->migration_count == 3);
  CHECK(run->reboot_count == 4);
  CHECK(run->restart_count == 5);
}

TEST_CASE("the end of a log is the time of its last line that has one") {
  auto end = read_log_end("2026-11-22T17:33:05.120Z ACTOR: started\n"
                          "2026-11-22T17:33:06.250Z Working\n"
                          "  a line that somebody broke\n");
  REQUIRE(end.at);
  CHECK(to_string(*end.at) == "2026-11-22T17:33:06.250Z");
  CHECK(!read_log_end("").at);
  CHECK(!read_log_end("no time").at);
}

TEST_CASE("a run may lack all but its id and status") {
  auto run = read_remote_run(
    R"({"data":{"id":"r1","status":"READY","finishedAt":null,"meta":null}})");
  REQUIRE(run);
  CHECK(run->status == remote_status::ready);
  CHECK(!run->finished_at);
  CHECK(!run->memory);
}

TEST_CASE("a status that nobody knows yet is not terminal") {
  auto run = read_remote_run(R"({"data":{"id":"r1","status":"DREAMING"}})");
  REQUIRE(run);
  CHECK(!is_terminal(run->status));
}

TEST_CASE("what is no run is an error") {
  for (auto body : {"", "<html>", "[]", "{}", R"({"data":{}})",
                    R"({"data":{"id":7,"status":"READY"}})",
                    R"({"data":{"id":"r1","sta)"}) {
    auto run = read_remote_run(body);
    REQUIRE(!run);
    CHECK(code_of(run.error()) == ec::bad_answer);
  }
}

TEST_CASE("a replica that lags behind says null: not found") {
  auto run = read_remote_run(R"({"data":null})");
  REQUIRE(!run);
  CHECK(code_of(run.error()) == ec::not_found);
}

TEST_CASE("a list of runs is read with its total") {
  auto runs = read_remote_runs(
    R"({"data":{"total":7,"count":2,"items":[{"id":"r1","status":"READY"},
        {"id":"r2","status":"TIMED-OUT"}]}})");
  REQUIRE(runs);
  CHECK(runs->total == 7);
  REQUIRE(runs->runs.size() == 2);
  CHECK(runs->runs[1].status == remote_status::timed_out);
  CHECK(!read_remote_runs(R"({"data":{"total":7}})"));
}

TEST_CASE("limits are told in fractions of a GB") {
  auto limits = read_account_limits(
    R"({"data":{"limits":{"maxActorMemoryGbytes":16,"maxMonthlyUsageUsd":5,
        "maxConcurrentActorJobs":25},"current":{"actorMemoryGbytes":0.125,
        "activeActorJobCount":1,"monthlyUsageUsd":0.5}}})");
  REQUIRE(limits);
  CHECK(limits->max_memory == 16384_MiB);
  CHECK(limits->used_memory == 128_MiB);
  CHECK(limits->max_runs == 25);
  CHECK(limits->active_runs == 1);
  CHECK(limits->max_monthly_usd == 5.0);
  CHECK(limits->monthly_usd == 0.5);
}

TEST_CASE("limits that are not told do not limit") {
  auto limits = read_account_limits(
    R"({"data":{"limits":{"maxConcurrentActorJobs":null},"current":{}}})");
  REQUIRE(limits);
  CHECK(limits->max_runs > 1'000'000);
  CHECK(limits->max_memory > 1'000'000_MiB);
}

TEST_CASE("the defaults of actors and tasks are read") {
  auto actor = read_target_defaults(
    R"({"data":{"id":"a1","defaultRunOptions":{"memoryMbytes":1024}}})", false);
  REQUIRE(actor);
  CHECK(actor->memory == 1024_MiB);
  CHECK(actor->actor_id == "a1");
  auto task = read_target_defaults(
    R"({"data":{"id":"t1","actId":"a1","options":{"memoryMbytes":null}}})",
    true);
  REQUIRE(task);
  CHECK(!task->memory);
  CHECK(task->actor_id == "a1");
  CHECK(task->task_id == "t1");
}

TEST_CASE("items are counted of one dataset or of many") {
  auto one = read_item_counts(R"({"data":{"id":"d1","itemCount":3}})");
  REQUIRE(one);
  CHECK(one->counts == std::map<std::string, std::uint64_t>{{"d1", 3}});
  auto many = read_item_counts(
    R"({"data":{"items":[{"id":"d1","itemCount":3},{"id":"d2"}]}})");
  REQUIRE(many);
  CHECK(many->counts.size() == 1);
}

TEST_CASE("deep nesting does not overflow the stack") {
  std::string deep(1'000'000, '[');
  CHECK(!read_remote_run(deep));
}
