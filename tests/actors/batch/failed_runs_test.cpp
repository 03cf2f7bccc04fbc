#include "actors/batch/failed_runs.hpp"

#include <catch2/catch.hpp>

using namespace orc;

TEST_CASE("a batch tolerates as many failures as its rules say") {
  batch_rules rules;
  CHECK(find_excess(rules, 10, 10).empty());
  rules.tolerated_failures = 2;
  CHECK(find_excess(rules, 2, 10).empty());
  CHECK(find_excess(rules, 3, 10)
        == "3 runs failed, more than the 2 tolerated");
  rules.tolerated_failures = 0;
  CHECK(find_excess(rules, 0, 10).empty());
  CHECK(!find_excess(rules, 1, 10).empty());
}

TEST_CASE("a batch tolerates as large a share of failures as its rules say") {
  batch_rules rules;
  rules.tolerated_share = 0.25;
  CHECK(find_excess(rules, 0, 0).empty());
  CHECK(find_excess(rules, 1, 4).empty());
  CHECK(find_excess(rules, 2, 4)
        == "2 of 4 runs failed, more than the share of 0.25 tolerated");
  rules.tolerated_share = 1;
  CHECK(find_excess(rules, 4, 4).empty());
}

TEST_CASE("a view of a batch counts what failed") {
  run_totals totals;
  totals.states = {{"finished", 5},
                   {"refused", 1},
                   {"lost", 1},
                   {"queued", 2},
                   {"cancelled", 1}};
  totals.statuses
    = {{"SUCCEEDED", 2}, {"FAILED", 1}, {"TIMED-OUT", 1}, {"ABORTED", 1}};
  auto view = make_batch_view({{"default", "b"}, {}, {}}, totals);
  CHECK(view.runs == 10);
  CHECK(view.ended == 8);
  CHECK(view.succeeded == 2);
  CHECK(view.failed == 4);
  CHECK(!is_complete(view));
}

TEST_CASE("a run is submitted again as it was, for one attempt more") {
  loaded_run x;
  auto& record = x.record;
  record.view.name = "a";
  record.view.space = "team";
  record.view.batch = "night";
  record.view.account = "main";
  record.target = {"me/task", true};
  record.options.memory = mebibytes{512};
  record.max_attempts = 3;
  record.on_aborted = end_policy::restart;
  x.input = json_text{R"({"a":1})"};
  auto request = make_request(x);
  CHECK(request.name == "a");
  CHECK(request.space == "team");
  CHECK(request.batch == "night");
  CHECK(request.task == "me/task");
  CHECK(request.actor.empty());
  CHECK(request.account == "main");
  CHECK(request.options.memory == mebibytes{512});
  CHECK(request.attempts == 1);
  CHECK(request.on_aborted == end_policy::restart);
  CHECK(request.input.view() == R"({"a":1})");
}
