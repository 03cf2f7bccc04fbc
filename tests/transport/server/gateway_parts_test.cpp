#include "messages/base/error.hpp"
#include "messages/json/gateway_answers.hpp"
#include "transport/server/v2/list_window.hpp"
#include "transport/server/v2/place.hpp"
#include "transport/server/v2/start_request.hpp"
#include "transport/server/v2/unanswered.hpp"
#include "transport/server/v2/virtual_id.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace orc;
using namespace orc::server::v2;
using namespace std::chrono_literals;

TEST_CASE("a virtual id looks like the platform's and tells its run") {
  virtual_ids ids{"0123456789ab"};
  std::set<std::string> made;
  for (std::uint64_t key : {std::uint64_t{1}, std::uint64_t{2},
                            std::uint64_t{1000}, std::uint64_t{1} << 45}) {
    auto id = ids.make({key});
    CHECK(id.size() == 17);
    CHECK(id.find_first_not_of("23456789ABCDEFGHJKLMNPQRSTWXYZ"
                               "abcdefghijkmnopqrstuvwxyz")
          == std::string::npos);
    REQUIRE(ids.parse(id));
    CHECK(ids.parse(id)->value == key);
    made.insert(id.substr(0, 8));
  }
  CHECK(made.size() == 4);
}

TEST_CASE("an id of another store, or one that is changed, is none of ours") {
  virtual_ids ids{"0123456789ab"};
  auto id = ids.make({7});
  CHECK_FALSE(virtual_ids{"ba9876543210"}.parse(id));
  CHECK_FALSE(ids.parse("HG7ML7M8z78YcAPEB"));
  CHECK_FALSE(ids.parse(""));
  CHECK_FALSE(ids.parse(id + "2"));
  for (std::size_t i = 0; i < id.size(); ++i) {
    auto changed = id;
    changed[i] = changed[i] == '2' ? '3' : '2';
    CHECK_FALSE(ids.parse(changed));
  }
}

TEST_CASE("paths of the platform's API are taken apart") {
  auto start = parse_place("/v2/acts/me~crawler/runs");
  CHECK(start.about == subject::target);
  CHECK(start.target == run_target{"me/crawler", false});
  CHECK(parse_place("/v2/actor-tasks/abc/runs").target
        == run_target{"abc", true});
  CHECK(parse_place("/v2/actors/~mine/runs").target.id == "~mine");
  CHECK(parse_place("/v2/actors/a/run-sync").kind == start_kind::record);
  CHECK(parse_place("/v2/actors/a/run-sync-get-dataset-items").kind
        == start_kind::items);
  CHECK(parse_place("/v2/actors/a/runs/last").about == subject::last_run);
  CHECK(parse_place("/v2/actors/a/runs/last").rest.empty());
  CHECK(parse_place("/v2/actors/a/runs/last/log").about == subject::last_run);
  CHECK(parse_place("/v2/actors/a/runs/last/log").rest == "/log");
  CHECK(parse_place("/v2/actors/a/runs/lastly").about == subject::other);
  CHECK(parse_place("/v2/actors/a/builds").about == subject::other);
  CHECK(parse_place("/v2/actor-runs").about == subject::all_runs);
  CHECK(parse_place("/v2/actor-runs/").about == subject::all_runs);
  auto items = parse_place("/v2/actor-runs/abc/dataset/items");
  CHECK(items.about == subject::run);
  CHECK(items.id == "abc");
  CHECK(items.rest == "/dataset/items");
  CHECK(parse_place("/v2/logs/abc").about == subject::log);
  CHECK(parse_place("/v2/datasets/abc").rest.empty());
  CHECK(parse_place("/v2/datasets").about == subject::other);
  CHECK(parse_place("/v2/users/me").about == subject::other);
  CHECK(parse_place("/api/v1/runs").about == subject::other);
}

TEST_CASE("a token never stays in a query") {
  CHECK(without_token("token=abc").empty());
  CHECK(without_token("a=1&token=abc&b=%26") == "a=1&b=%26");
  CHECK(without_token("%74oken=abc&a=1") == "a=1");
  CHECK(without_token("tokens=1&&a") == "tokens=1&a");
}

TEST_CASE("a list that has two parts is paged as if it were one") {
  // The platform has 5, 3 wait; newest first: w0 w1 w2 p0 p1 p2 p3 p4.
  for (auto newest_first : {true, false})
    for (std::uint64_t limit : {1, 2, 3, 4, 8, 20}) {
      std::vector<std::string> seen;
      for (std::uint64_t offset = 0; offset < 8; offset += limit) {
        list_window window{offset, limit, newest_first, 3};
        std::vector<std::string> platform;
        auto first = window.platform_offset();
        for (auto i = first; i < 5 && i - first < window.platform_limit(); ++i)
          platform.push_back("p" + std::to_string(i));
        std::vector<std::string> waiting;
        auto begin = window.first_waiting(5);
        auto count = window.count_waiting(platform.size(), 5);
        for (auto i = begin; i < begin + count; ++i)
          waiting.push_back("w" + std::to_string(i));
        auto& one = newest_first ? waiting : platform;
        auto& two = newest_first ? platform : waiting;
        CHECK(one.size() + two.size() <= limit);
        seen.insert(seen.end(), one.begin(), one.end());
        seen.insert(seen.end(), two.begin(), two.end());
      }
      std::vector<std::string> expected{"p0", "p1", "p2", "p3",
                                        "p4", "w0", "w1", "w2"};
      if (newest_first)
        std::rotate(expected.begin(), expected.begin() + 5, expected.end());
      CHECK(seen == expected);
    }
}

TEST_CASE("a start says in its query what a run is to get") {
  http::request x;
  x.headers.add("Content-Type", "application/json; charset=utf-8");
  x.body = R"({ "a" : [1, 2.50] })";
  auto read = read_start_request(
    x, http::query{"memory=256&timeout=0&build=beta&maxItems=3&"
                   "maxTotalChargeUsd=0.5&restartOnError=1&webhooks="
                   "W3siZXZlbnRUeXBlcyI6W119XQ&"
                   "forcePermissionLevel=LIMITED_PERMISSIONS&other=1"});
  REQUIRE(read);
  CHECK(read->options.memory == mebibytes{256});
  CHECK(read->options.timeout_secs == 0);
  CHECK(read->options.build == "beta");
  CHECK(read->options.max_items == 3);
  CHECK(read->options.max_total_charge_usd == 0.5);
  CHECK(read->options.restart_on_error == true);
  CHECK(read->options.webhooks.view() == R"([{"eventTypes":[]}])");
  CHECK(read->options.force_permission_level == permission_level::limited);
  CHECK(read->input.view() == R"({"a":[1,2.50]})");
}

TEST_CASE("a start that cannot be read names the parameter") {
  http::request x;
  for (std::string_view query :
       {"memory=much", "timeout=1e3", "maxTotalChargeUsd=free",
        "restartOnError=maybe", "webhooks=%7B%7D",
        "webhooks=e30=", "forcePermissionLevel=ALL"}) {
    auto read = read_start_request(x, http::query{query});
    REQUIRE_FALSE(read);
    CHECK(code_of(read.error()) == ec::bad_field);
    CHECK_THAT(
      message_of(read.error()),
      Catch::StartsWith(std::string{query.substr(0, query.find('='))} + ": "));
  }
}

TEST_CASE("only the output is asked for with what concerns it") {
  CHECK(output_query("memory=128&format=csv&limit=2&waitForFinish=3&clean=1")
        == "format=csv&limit=2&clean=1");
  CHECK(output_query("").empty());
}

TEST_CASE("a start whose client left is joined once, and not for ever") {
  unanswered lost;
  auto now = unanswered::clock::now();
  lost.add("same", "run-1", now);
  lost.add("same", "run-2", now);
  lost.add("other", "run-3", now);
  CHECK(lost.take("same", now));
  CHECK(lost.take("same", now));
  CHECK_FALSE(lost.take("same", now));
  CHECK_FALSE(lost.take("other", now + std::chrono::minutes{11}));
}

TEST_CASE("a start that is joined again and again is kept from its last end") {
  std::vector<std::string> dropped;
  unanswered lost{[&](const auto& name) { dropped.push_back(name); }};
  unanswered::clock::time_point start;
  for (auto minute = 0min; minute < 40min; minute += 8min) {
    lost.add("same", "run-1", start + minute);
    CHECK(lost.take("same", start + minute + 7min) == "run-1");
  }
  CHECK(dropped.empty());
  lost.add("same", "run-1", start + 40min);
  lost.add("other", "run-2", start + 51min);
  CHECK(dropped == std::vector<std::string>{"run-1"});
}

TEST_CASE("answers are changed where runs are named, and nowhere else") {
  CHECK(
    rename_run(R"({"data":{"id":"p","x":0.1,"y":12345678901234567890}})", "v")
    == R"({"data":{"id":"v","x":0.1,"y":12345678901234567890}})");
  CHECK(rename_run(R"({"error":{"type":"t"}})", "v")
        == R"({"error":{"type":"t"}})");
  CHECK(rename_run("no JSON", "v") == "no JSON");
  auto list
    = R"({"data":{"total":2,"offset":0,"limit":2,"count":2,"desc":true,)"
      R"("items":[{"id":"p","a":1},{"id":"q"}]}})";
  auto page = read_run_list(list);
  REQUIRE(page);
  CHECK(page->ids == std::vector<std::string>{"p", "q"});
  CHECK(page->total == 2);
  run_list_change change;
  change.names.emplace("q", "v");
  change.before.push_back(R"({"id":"w"})");
  change.total = 3;
  change.limit = 3;
  CHECK(change_run_list(list, change)
        == R"({"data":{"total":3,"offset":0,"limit":3,"count":3,"desc":true,)"
           R"("items":[{"id":"w"},{"id":"p","a":1},{"id":"v"}]}})");
  CHECK_FALSE(read_run_list("[]"));
  CHECK_FALSE(read_run_list(R"({"data":{"items":{}}})"));
}

TEST_CASE("a run that waits is READY, one that never can be started FAILED") {
  run_record x;
  x.target = {"me/crawler", false};
  x.view.reason = "too little \"memory\"";
  auto ready = render_waiting_run(x, "v");
  CHECK_THAT(ready, Catch::Contains(R"("status":"READY")")
                      && Catch::Contains(R"(too little \"memory\")")
                      && Catch::Contains(R"("defaultDatasetId":"v")")
                      && !Catch::Contains("finishedAt")
                      && !Catch::Contains("buildNumber"));
  x.view.state = run_state::refused;
  x.view.error = run_error{"t", "never"};
  CHECK_THAT(render_waiting_run(x, "v"),
             Catch::Contains(R"("status":"FAILED")")
               && Catch::Contains(R"("statusMessage":"never")")
               && Catch::Contains("finishedAt"));
  x.view.state = run_state::cancelled;
  CHECK_THAT(render_waiting_run(x, "v"),
             Catch::Contains(R"("status":"ABORTED")"));
}
