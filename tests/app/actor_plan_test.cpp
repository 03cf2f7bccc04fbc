#include "app/actor/actor_plan.hpp"
#include "app/config/load.hpp"
#include "app/config/read_home.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace orc;
using namespace orc::app;

namespace {

using variables = std::map<std::string, std::string>;

environment env(variables xs) {
  return [xs = std::move(xs)](
           const std::string& name) -> std::optional<std::string> {
    auto i = xs.find(name);
    return i != xs.end() ? std::optional{i->second} : std::nullopt;
  };
}

std::string problem_of(const char* input) {
  auto result = read_actor_input(input);
  REQUIRE_FALSE(result);
  return message_of(result.error());
}

const variables at_home{{"APIFY_IS_AT_HOME", "1"},
                        {"ACTOR_RUN_ID", "run-1"},
                        {"APIFY_USER_ID", "user-1"},
                        {"APIFY_TOKEN", "token"},
                        {"ACTOR_DEFAULT_KEY_VALUE_STORE_ID", "store-1"},
                        {"APIFY_DEFAULT_DATASET_ID", "dataset-1"}};

} // namespace

TEST_CASE("an INPUT is a plan with options that win") {
  auto x = read_actor_input(
    R"({"runs":[{"actor":"a/b"}],"maxConcurrentRuns":3,"abortOnExit":true,
        "persistencePrefix":"P-","hideSensitiveInformation":false})");
  REQUIRE(x);
  CHECK(x->work.size() == 1);
  config options;
  options.max_memory = mebibytes{512};
  apply(x->input, options);
  CHECK(options.max_runs == 3u);
  CHECK(options.max_memory == mebibytes{512});
  CHECK(options.abort_on_exit);
  CHECK(options.kvs.prefix == "P-");
  CHECK_FALSE(options.log.hide_sensitive);
  CHECK(options.watch_children);
}

TEST_CASE("what is wrong with an INPUT is said with its field") {
  CHECK(problem_of("{}") == "INPUT: runs: is missing");
  CHECK(problem_of(R"({"runs":[]})") == "INPUT: the plan has no runs");
  CHECK_THAT(problem_of(R"({"runs":[{"actor":"a"},{"actor":"a","x":1}]})"),
             Catch::StartsWith("INPUT: runs[1].x: is no known field"));
  CHECK_THAT(problem_of(R"({"runs":[{"actor":"a"}],"fixedInput":[]})"),
             Catch::StartsWith("INPUT: fixedInput: must be an object"));
  CHECK_THAT(
    problem_of(
      R"({"runs":[{"actor":"a"}],"encryptionKey":"ENCRYPTED_VALUE:a:b"})"),
    Catch::Contains("ORCHESTRATOR_ENCRYPTION_KEY"));
}

TEST_CASE("inside an Apify actor the platform says where things are") {
  auto x = read_home(env(at_home));
  REQUIRE(x);
  CHECK(x->run_id == "run-1");
  CHECK(x->store_id == "store-1");
  CHECK(x->dataset_id == "dataset-1");
  CHECK(x->input_key == "INPUT");
  CHECK(watched_input(*x)
        == R"({"__watched":{"parentRunId":"run-1","apifyUserId":"user-1"}})");
}

TEST_CASE("elsewhere there is no home") {
  CHECK_FALSE(read_home(env({})));
  CHECK_FALSE(read_home(env({{"APIFY_IS_AT_HOME", "1"}})));
  CHECK_FALSE(read_home(env({{"ACTOR_RUN_ID", "run-1"}})));
}

TEST_CASE("children are watched inside an Apify actor unless it is switched "
          "off") {
  auto options = load_config({}, env(at_home));
  REQUIRE(options);
  CHECK(options->kvs.store == "store-1");
  CHECK(settings_of(*options).watched.view()
        == watched_input(*options->at_home));
  options->watch_children = false;
  CHECK(settings_of(*options).watched.empty());
}

TEST_CASE("a key-value store needs a name elsewhere") {
  overrides cli;
  cli.entries.push_back({"store", "kvs", "--store"});
  auto options = load_config(cli, env({}));
  REQUIRE_FALSE(options);
  CHECK_THAT(message_of(options.error()), Catch::StartsWith("kvs.store: "));
}
