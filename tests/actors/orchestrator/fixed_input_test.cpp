#include "actors/orchestrator/submission.hpp"
#include "messages/json/json.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

struct fixture {
  orchestrator_settings settings;
  std::vector<run_request> requests{1};

  void input(std::string text) {
    requests[0].actor = "acme/crawler";
    requests[0].input = json_text{std::move(text)};
  }

  std::string_view result() const {
    return requests[0].input.view();
  }

  caf::error put(std::string of_submission = {}) {
    return put_under_inputs(settings, json_text{std::move(of_submission)},
                            requests);
  }
};

} // namespace

TEST_CASE("an input is left as it is where nothing is fixed") {
  fixture x;
  x.input("[1, 2]");
  CHECK_FALSE(x.put());
  CHECK(x.result() == "[1, 2]");
}

TEST_CASE("a run's own fields win, then those of its submission") {
  fixture x;
  x.settings.fixed_input = json_text{R"({"a":1,"b":1,"c":1})"};
  x.input(R"({"c":3})");
  CHECK_FALSE(x.put(R"({"b":2,"c":2})"));
  CHECK(x.result() == R"({"a":1,"b":2,"c":3})");
}

TEST_CASE("a run without an input gets what is fixed") {
  fixture x;
  x.settings.fixed_input = json_text{R"({"a":1})"};
  x.input("");
  CHECK_FALSE(x.put());
  CHECK(x.result() == R"({"a":1})");
}

TEST_CASE("what is fixed cannot be put under an array") {
  fixture x;
  x.settings.fixed_input = json_text{R"({"a":1})"};
  x.input("[1]");
  auto problem = x.put();
  CHECK(code_of(problem) == ec::bad_field);
  CHECK(message_of(problem).starts_with("input: must be an object"));
}

TEST_CASE("the watched run is put only under objects, beneath all else") {
  fixture x;
  x.settings.watched = json_text{R"({"__watched":{"parentRunId":"r"}})"};
  x.input(R"({"__watched":null})");
  CHECK_FALSE(x.put());
  CHECK(x.result() == R"({"__watched":null})");
  x.input("[1]");
  CHECK_FALSE(x.put());
  CHECK(x.result() == "[1]");
  x.input("{}");
  CHECK_FALSE(x.put());
  CHECK(x.result() == R"({"__watched":{"parentRunId":"r"}})");
}

TEST_CASE("what is fixed counts for the size of an input") {
  fixture x;
  auto half = std::string(5'000'000, 'x');
  x.settings.fixed_input = json_text{R"({"a":")" + half + "\"}"};
  x.input(R"({"b":")" + half + "\"}");
  CHECK_FALSE(x.put());
  account_book accounts{{{"default", secret{"t"}, "http://localhost", {}, {}}},
                        "http://localhost"};
  auto records = make_records(x.requests, accounts, {});
  CHECK(code_of(records.error()) == ec::input_too_large);
}
