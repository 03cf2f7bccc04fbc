#include "messages/base/error.hpp"
#include "messages/json/crew_requests.hpp"
#include "messages/json/operator_json.hpp"
#include "messages/json/parent_refs.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace orc;

namespace {

template <class T>
std::string problem(const caf::expected<T>& x) {
  return x ? "" : message_of(x.error());
}

} // namespace

TEST_CASE("what stands for nothing is the default") {
  auto x = read_crew_task(R"({"name":"","priority":null,"remainingAttempts":0,
                              "isSeed":false,"errorDelayInSeconds":0,
                              "input":0,"runAfter":"","unknown":[1]})");
  REQUIRE(x);
  CHECK_FALSE(x->name);
  CHECK(x->priority == 0);
  CHECK(x->remaining_attempts == 5);
  CHECK(x->error_delay_secs == 0);
  CHECK(x->input.empty());
  CHECK_FALSE(x->run_after);
  CHECK_FALSE(x->parent_ids);
  CHECK(read_crew_task(R"({"parentIds":[]})")->parent_ids->empty());
  CHECK(read_crew_task("")->error_delay_secs == 30);
}

TEST_CASE("a delay of zero is a wish, however it is written") {
  for (auto text : {"0", "0.0", "-0", "0e3"})
    CHECK(read_crew_task(std::string{R"({"errorDelayInSeconds":)"} + text + "}")
            ->error_delay_secs
          == 0);
}

TEST_CASE("the ids of parents are in lower case") {
  auto wanted = std::vector<std::string>{"abc"};
  CHECK(*read_crew_task(R"({"parentIds":["ABC"]})")->parent_ids == wanted);
  CHECK(*(*read_crew_tasks(R"([{"parentIds":["ABC"]}])"))[0].task.parent_ids
        == wanted);
  CHECK(*edit_crew_task({}, R"({"parentIds":["ABC"]})")->parent_ids == wanted);
}

TEST_CASE("tasks that are made at once come in one array") {
  CHECK(read_crew_tasks(R"([{"channel":"a"}])")->size() == 1);
  CHECK(problem(read_crew_tasks(R"([{}],"tasks":[{"channel":"b"}])"))
        == "the body must be one JSON value");
}

TEST_CASE("a year has four digits") {
  CHECK(read_crew_task(R"({"runAfter":253402300799999})")->run_after);
  CHECK_FALSE(read_crew_task(R"({"runAfter":253402300800000})"));
  CHECK_FALSE(read_crew_task(R"({"runAfter":-62167219200001})"));
}

TEST_CASE("an input is kept as it was written") {
  auto x
    = read_crew_task(R"({"input": {"a": 1.50, "b": 12345678901234567890123}})");
  REQUIRE(x);
  CHECK(x->input.view() == R"({"a":1.50,"b":12345678901234567890123})");
}

TEST_CASE("a time is a number, or text with or without a zone") {
  for (auto text : {"1700000000000", "\"2023-11-14T22:13:20Z\"",
                    "\"2023-11-14T22:13:20\"", "\"2023-11-14T23:13:20+01:00\""})
    CHECK(read_crew_task(std::string{R"({"runAfter":)"} + text + "}")
            ->run_after->millis
          == 1'700'000'000'000);
  CHECK(problem(read_crew_task(R"({"runAfter":"soon"})")).find("runAfter")
        == 0);
}

TEST_CASE("what is wrong is named, in children too") {
  CHECK(problem(read_crew_task(R"({"name":7})"))
        == "name: must be a string, not 7");
  CHECK(problem(read_crew_task("[]")) == "the body: must be an object");
  CHECK(problem(read_crew_release(R"({"children":[{},{"priority":"x"}]})"))
        == R"(children[1].priority: must be a number, not "x")");
  CHECK(problem(read_crew_release(R"({"children":{}})")).find("children") == 0);
  CHECK(problem(read_crew_attempts(R"({"remainingAttempts":1.5})"))
          .find("remainingAttempts")
        == 0);
}

TEST_CASE("children name one another by numbers or text") {
  auto x = read_crew_release(
    R"({"children":[{"_child_id":1},{"_child_id":"b","_parent_ids":[1,"x"]}]})");
  REQUIRE(x);
  CHECK(x->children[0].child_id == "1");
  CHECK(x->children[1].parents == std::vector<std::string>{"1", "x"});
}

TEST_CASE("the request of an operator has what its configuration says") {
  auto config = json_text{R"({"headers":{"A":"b","N":1},"params":{"q":"a b"},
    "auth":{"username":"u","password":"p"},"timeout":500})"};
  auto call
    = make_operator_call("http://x/y?z=1", config, std::chrono::seconds{60});
  REQUIRE(call);
  CHECK(call->url == "http://x/y?z=1&q=a%20b");
  CHECK(call->timeout == std::chrono::milliseconds{500});
  CHECK(call->user == "u");
  CHECK(call->password.reveal() == "p");
  CHECK(problem(make_operator_call("", json_text{R"({"headers":[]})"}, {}))
        == "requestConfig.headers: must be an object");
  for (auto who : {R"("username":7)", R"("username":"u","password":[])"})
    CHECK(
      problem(make_operator_call(
                "", json_text{fmt::format(R"({{"auth":{{{}}}}})", who)}, {}))
        .find("requestConfig.auth.")
      == 0);
}

TEST_CASE("an array of parameters goes out element by element") {
  auto config
    = json_text{R"({"params":{"d":[1,"x y"],"e":null,"f":[],"g":true}})"};
  auto call = make_operator_call("http://x/y", config, {});
  REQUIRE(call);
  CHECK(call->url == "http://x/y?d[]=1&d[]=x%20y&g=true");
  CHECK(
    problem(make_operator_call("", json_text{R"({"params":{"d":[{}]}})"}, {}))
    == "requestConfig.params.d: must be an array of strings, not [{}]");
}

TEST_CASE("a header has a name that can be sent") {
  for (auto name : {"X A", "", "X:A"})
    CHECK(problem(make_operator_call("",
                                     json_text{std::string{R"({"headers":{")"}
                                               + name + R"(":"v"}})"},
                                     {}))
            .find("requestConfig.headers: ")
          == 0);
}

TEST_CASE("what an operator answers is how the task is given back") {
  CHECK(read_operator_answer({200, R"({"output":1,"children":[{}]})", ""})
          .children.size()
        == 1);
  CHECK(read_operator_answer({200, "text", ""}).output.empty());
  CHECK(read_operator_answer({500, R"({"message":"m"})", ""}).error.view()
        == R"("m")");
  CHECK(read_operator_answer({503, "", ""}).error.view()
        == R"("Request failed with status code 503")");
  CHECK(read_operator_answer({0, "", "refused"}).error.view()
        == R"("refused")");
}

TEST_CASE("an input refers to what its parents made") {
  std::vector<task_parent> parents(2);
  parents[0].output = json_text{R"({"id":"one"})"};
  parents[1].output = json_text{R"({"id":2})"};
  auto resolve = [&](const char* text) {
    auto x = resolve_parents(json_text{text}, parents);
    return x ? std::string{x->view()} : message_of(x.error());
  };
  CHECK(resolve(R"({"a":{"$parent":"/output/id"},"b":1.50})")
        == R"({"a":"one","b":1.5})");
  CHECK(resolve(R"([{"$parents":"/output/id"}])") == R"([["one",2]])");
  CHECK(resolve(R"({"b":1.50})") == R"({"b":1.50})");
  CHECK(resolve(R"({"$parent":"/output/no"})").find("`/output/no`")
        != std::string::npos);
  CHECK(resolve(R"({"$parent":7})").find("JSON pointer") != std::string::npos);
}
