#include "messages/validate.hpp"
#include "messages/validate_budget.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

run_request good() {
  run_request x;
  x.name = "job-1/3";
  x.actor = "apify/hello-world";
  return x;
}

std::string problem_of(const run_request& x, const std::string& path = "") {
  auto err = validate(x, path);
  return err ? message_of(err) : "";
}

std::string memory_problem(std::uint64_t count) {
  auto x = good();
  x.options.memory = mebibytes{count};
  return problem_of(x);
}

} // namespace

TEST_CASE("a request with an Apify actor is fine") {
  CHECK(problem_of(good()) == "");
}

TEST_CASE("a request names an Apify actor or a task, not both") {
  auto none = good();
  none.actor.clear();
  CHECK(problem_of(none) == "actor: is missing: give `actor` or `task`");

  auto both = good();
  both.task = "me/task";
  CHECK(problem_of(both) == "task: give `actor` or `task`, not both");
}

TEST_CASE("an error begins with the path of the field") {
  auto x = good();
  x.options.timeout_secs = -1;
  CHECK(problem_of(x, "runs[3]").starts_with("runs[3].options.timeoutSecs: "));
}

TEST_CASE("names have letters, digits and a few signs") {
  CHECK(name_problem("a-B_3./:@z") == "");
  CHECK(name_problem("with blank") != "");
  CHECK(name_problem("caf\xc3\xa9") != "");
  CHECK(name_problem("line\nbreak") != "");
  CHECK(name_problem("..") != "");
  CHECK(name_problem(std::string(200, 'a')) == "");
  CHECK(name_problem(std::string(201, 'a')) != "");
}

TEST_CASE("memory is a power of two from 128 to 32768") {
  CHECK(memory_problem(128) == "");
  CHECK(memory_problem(32'768) == "");
  CHECK(memory_problem(0) != "");
  CHECK(memory_problem(64) != "");
  CHECK(memory_problem(65'536) != "");
  CHECK(memory_problem(1000)
        == "options.memoryMbytes: must be a power of two from 128 to 32768, "
           "not 1000");
}

TEST_CASE("an input of 9,437,184 bytes fits, one more does not") {
  auto x = good();
  x.input = json_text{'"' + std::string(max_input_bytes - 2, 'x') + '"'};
  CHECK(problem_of(x) == "");
  x.input = json_text{'"' + std::string(max_input_bytes - 1, 'x') + '"'};
  CHECK(code_of(validate(x, "")) == ec::input_too_large);
}

TEST_CASE("the input of a task is an object, as it overrides one") {
  auto x = good();
  x.actor.clear();
  x.task = "me/task";
  x.input = json_text{"[1]"};
  CHECK(problem_of(x) == "input: of a task must be an object");
}

TEST_CASE("a token must not forge another header, nor be shown") {
  auto x = good();
  x.token = secret{"abc\r\nX-Evil: 1"};
  CHECK(problem_of(x).find("abc") == std::string::npos);
  CHECK(problem_of(x).starts_with("token: "));
}

TEST_CASE("a run that succeeded cannot be resurrected") {
  auto x = good();
  x.on_succeeded = end_policy::resurrect;
  CHECK(problem_of(x) == "onSucceeded: must be return or restart");
}

TEST_CASE("numbers out of range are refused") {
  auto x = good();
  x.attempts = 0;
  CHECK(problem_of(x) == "attempts: must be 1 to 100");
  x.attempts = 1;
  x.priority = 1001;
  CHECK(problem_of(x) == "priority: must be -1000 to 1000");
  x.priority = 0;
  x.options.max_total_charge_usd = 0;
  CHECK(problem_of(x)
        == "options.maxTotalChargeUsd: must be above 0 and at most 1000000000");
  x.options.max_total_charge_usd = 1e9;
  CHECK(problem_of(x).empty());
  x.budget_usd = 1e10;
  CHECK(problem_of(x) == "budgetUsd: must be above 0 and at most 1000000000");
}

TEST_CASE("amounts of a budget that are out of range are refused") {
  budget_settings x;
  x.name = "all";
  x.cap_usd = 1e9;
  CHECK_FALSE(validate(x, ""));
  x.cap_usd = 1e10;
  CHECK(message_of(validate(x, "budgets[0]"))
        == "budgets[0].capUsd: must be 0 to 1000000000");
  x.cap_usd = 1;
  x.assume_usd = -1;
  CHECK(message_of(validate(x, "")) == "assumeUsd: must be 0 to 1000000000");
}
