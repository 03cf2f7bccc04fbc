#include "transport/apify/endpoints.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::apify;
using namespace orc::literals;
using namespace std::chrono_literals;

namespace {

const endpoints api{"https://api.apify.com", secret{"apify_api_x"}};

std::string target_of(const api_call& x) {
  return x.request.url.target;
}

} // namespace

TEST_CASE("a start names the Apify actor by its id or as user~name") {
  CHECK(target_of(api.make(start_remote_run{{"HG7ML7M8z78YcAPEB"}, {}, {}, {}}))
        == "/v2/actors/HG7ML7M8z78YcAPEB/runs");
  CHECK(target_of(api.make(start_remote_run{{"a/b"}, {}, {}, {}}))
        == "/v2/actors/a~b/runs");
  CHECK(target_of(api.make(start_remote_run{{"a/b", true}, {}, {}, {}}))
        == "/v2/actor-tasks/a~b/runs");
}

TEST_CASE("a start carries its options in the query") {
  run_options options;
  options.memory = 256_MiB;
  options.timeout_secs = 60;
  options.build = "beta 1";
  options.max_items = 10;
  options.max_total_charge_usd = 0.25;
  options.restart_on_error = true;
  options.webhooks = json_text{"[{}]"};
  CHECK(target_of(api.make(start_remote_run{{"a/b"}, {}, options, {}}))
        == "/v2/actors/a~b/runs?memory=256&timeout=60&build=beta%201"
           "&maxItems=10&maxTotalChargeUsd=0.25&restartOnError=1"
           "&webhooks=W3t9XQ%3D%3D");
}

TEST_CASE("a start carries its input and its marker") {
  auto call
    = api.make(start_remote_run{{"a/b"}, json_text{R"({"x":1})"}, {}, "k7.1"});
  const auto& request = call.request;
  CHECK(request.method == "POST");
  CHECK(*request.body == R"({"x":1})");
  CHECK(request.headers.get("content-type") == "application/json");
  CHECK(request.headers.get("user-agent")
        == "ApifyOrchestrator/" ORC_VERSION " (linux) run/k7.1");
  CHECK(request.timeout == 60s);
}

TEST_CASE("a start without input has no body") {
  auto call = api.make(start_remote_run{{"a/b"}, {}, {}, {}});
  CHECK(!call.request.body);
  CHECK(!call.request.headers.contains("content-type"));
}

TEST_CASE("the token travels in a header, never in a URL") {
  auto call = api.make(get_user{});
  CHECK(call.request.headers.get("authorization") == "Bearer apify_api_x");
  CHECK(target_of(call) == "/v2/users/me");
}

TEST_CASE("a long poll is given ten seconds more than it waits") {
  auto call = api.make(get_remote_run{"r1", 60});
  CHECK(target_of(call) == "/v2/actor-runs/r1?waitForFinish=60");
  CHECK(call.request.timeout == 70s);
  CHECK(target_of(api.make(get_remote_run{"r1", 0})) == "/v2/actor-runs/r1");
}

TEST_CASE("a list joins statuses with commas") {
  list_remote_runs x;
  x.statuses = {remote_status::ready, remote_status::timing_out};
  x.started_after = timestamp{1'795'368'785'120};
  x.newest_first = true;
  CHECK(target_of(api.make(x))
        == "/v2/actor-runs?limit=1000&desc=1&status=READY%2CTIMING-OUT"
           "&startedAfter=2026-11-22T17%3A33%3A05.120Z");
}

TEST_CASE("the other calls have the paths of the platform") {
  CHECK(target_of(api.make(abort_remote_run{"r1", true}))
        == "/v2/actor-runs/r1/abort?gracefully=1");
  run_options more;
  more.memory = 512_MiB;
  CHECK(target_of(api.make(resurrect_remote_run{"r1", more}))
        == "/v2/actor-runs/r1/resurrect?memory=512");
  CHECK(target_of(api.make(get_input{"s1"}))
        == "/v2/key-value-stores/s1/records/INPUT");
  CHECK(target_of(api.make(get_log_end{"r1"})) == "/v2/actor-runs/r1/log");
  CHECK(target_of(api.make(get_limits{})) == "/v2/users/me/limits");
  CHECK(target_of(api.make(get_target{{"a/b", true}}))
        == "/v2/actor-tasks/a~b");
  CHECK(target_of(api.make(count_items{}))
        == "/v2/datasets?unnamed=1&desc=1&limit=1000");
  CHECK(target_of(api.make(count_items{"d1"})) == "/v2/datasets/d1");
}

TEST_CASE("items are asked for page by page") {
  CHECK(target_of(api.make(get_items{"d1", 20, 10, "csv", "clean=1"}))
        == "/v2/datasets/d1/items?format=csv&offset=20&limit=10&bom=0&clean=1");
}

TEST_CASE("a base URL may have a path, and end as people write it") {
  for (auto url : {"http://127.0.0.1:99/x", "http://127.0.0.1:99/x/",
                   "http://127.0.0.1:99/x/v2", "http://127.0.0.1:99/x/v2/"}) {
    endpoints there{url, {}};
    CHECK(target_of(there.make(get_user{})) == "/x/v2/users/me");
    CHECK(there.origin() == "http://127.0.0.1:99/x");
  }
}

TEST_CASE("a redirect takes the token along only to the same origin") {
  auto call = api.make(get_input{"s1"});
  auto near = api.follow(call, "/elsewhere?x=1");
  REQUIRE(near);
  CHECK(target_of(*near) == "/elsewhere?x=1");
  CHECK(near->request.headers.contains("authorization"));
  auto far = api.follow(call, "https://bucket.example/key?sig=1");
  REQUIRE(far);
  CHECK(far->request.url.host == "bucket.example");
  CHECK(!far->request.headers.contains("authorization"));
  CHECK(!api.follow(call, "nonsense"));
}
