#include "emulator/process/environment.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>

using namespace orc::emulator;

namespace {

run_environment sample() {
  run_environment run;
  run.run_id = "run1";
  run.actor_id = "actor1";
  run.actor_name = "me/demo";
  run.token = "secret";
  run.default_dataset_id = "ds1";
  run.default_key_value_store_id = "kv1";
  run.default_request_queue_id = "rq1";
  run.memory_mbytes = 2048;
  run.api_url = "http://127.0.0.1:8485";
  run.web_server_port = 4000;
  return run;
}

bool has(const std::vector<std::string>& list, const std::string& entry) {
  return std::find(list.begin(), list.end(), entry) != list.end();
}

bool sets(const std::vector<std::string>& list, const std::string& name) {
  return std::any_of(list.begin(), list.end(), [&name](const auto& entry) {
    return entry.starts_with(name + '=');
  });
}

} // namespace

TEST_CASE("a program learns its run under new and old names") {
  auto list = platform_environment(sample(), {});
  CHECK(has(list, "APIFY_IS_AT_HOME=1"));
  CHECK(has(list, "ACTOR_RUN_ID=run1"));
  CHECK(has(list, "APIFY_ACTOR_RUN_ID=run1"));
  CHECK(has(list, "ACTOR_FULL_NAME=me/demo"));
  CHECK(has(list, "ACTOR_DEFAULT_DATASET_ID=ds1"));
  CHECK(has(list, "APIFY_DEFAULT_KEY_VALUE_STORE_ID=kv1"));
  CHECK(has(list, "ACTOR_MEMORY_MBYTES=2048"));
  CHECK(has(list, "APIFY_DEDICATED_CPUS=0.5"));
  CHECK(has(list, "APIFY_TOKEN=secret"));
  CHECK(has(list, "APIFY_API_BASE_URL=http://127.0.0.1:8485"));
  CHECK(has(list, "ACTOR_WEB_SERVER_URL=http://127.0.0.1:4000"));
  CHECK(has(list, "ACTOR_EVENTS_WEBSOCKET_URL=ws://127.0.0.1:8485/emulator/"
                  "events/run1"));
  CHECK(has(list, R"(ACTOR_STORAGES_JSON={"datasets":{"default":"ds1"},)"
                  R"("keyValueStores":{"default":"kv1"},)"
                  R"("requestQueues":{"default":"rq1"}})"));
}

TEST_CASE("what a run does not have is not set") {
  auto list = platform_environment(sample(), {});
  CHECK_FALSE(sets(list, "ACTOR_TIMEOUT_AT"));
  CHECK_FALSE(sets(list, "ACTOR_TASK_ID"));
  CHECK_FALSE(sets(list, "ACTOR_MAX_TOTAL_CHARGE_USD"));
}

TEST_CASE("an actor's own variables yield to the platform's") {
  actor_folder actor;
  actor.environment = {{"COLOR", "blue"}, {"ACTOR_RUN_ID", "mine"}};
  auto list = platform_environment(sample(), actor);
  CHECK(has(list, "COLOR=blue"));
  CHECK(has(list, "ACTOR_RUN_ID=run1"));
}

TEST_CASE("a program does not see the emulator's own environment") {
  setenv("ORC_TEST_SECRET", "x", 1);
  CHECK_FALSE(sets(platform_environment(sample(), {}), "ORC_TEST_SECRET"));
}

TEST_CASE("a free port is one that nobody else has") {
  CHECK(free_port() != 0);
}
