#include "app/import/npm_import.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::app;

namespace {

npm_runs found() {
  npm_runs result;
  result.current["a"] = {"id-2", "", "RUNNING", {2'000}, {}};
  result.current["gone"] = {"id-3", "", "SUCCEEDED", {3'000}, {}};
  result.failed_history["a"] = {{"id-1", "", "FAILED", {1'000}, {}},
                                {"id-2", "", "RUNNING", {2'000}, {}}};
  return result;
}

} // namespace

TEST_CASE("a run of the npm library becomes one of ours, bound to its platform "
          "run") {
  run_request request;
  request.name = "a";
  request.task = "me/task";
  request.input = json_text{R"({"x":1})"};
  request.attempts = 3;
  auto runs = to_records(found(), {request}, "default");
  REQUIRE(runs.runs.size() == 1);
  const auto& [record, input] = runs.runs.front();
  CHECK(input.view() == R"({"x":1})");
  CHECK(record.target == run_target{"me/task", true});
  CHECK(record.max_attempts == 3);
  CHECK(record.view.state == run_state::running);
  CHECK(record.view.run_id == "id-2");
  CHECK(record.view.account == "default");
  REQUIRE(record.view.attempts.size() == 2);
  CHECK(record.view.attempts[0].run_id == "id-1");
  CHECK(record.view.attempts[0].status == remote_status::failed);
  CHECK(record.view.attempts[1].run_id == "id-2");
}

TEST_CASE("names that no request has are left out, and said") {
  auto runs = to_records(found(), {}, "default");
  CHECK(runs.runs.empty());
  CHECK(runs.left_out == std::vector<std::string>{"a", "gone"});
}
