#include "messages/base/error.hpp"
#include "transport/server/captured_exchange.hpp"
#include "transport/server/verbs.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace orc;
using namespace orc::server;

namespace {

verb_request
request_of(std::string verb, std::string body, std::string key = {}) {
  auto made = make_request(
    {std::move(verb), json_text{std::move(body)}, std::move(key), 1'000});
  if (!made)
    FAIL(message_of(made.error()));
  return std::move(*made);
}

std::string problem_of(std::string verb, std::string body) {
  auto made
    = make_request({std::move(verb), json_text{std::move(body)}, {}, 1'000});
  REQUIRE(!made);
  return message_of(made.error());
}

} // namespace

TEST_CASE("every verb is one route's and has the form of a subject") {
  std::set<std::string> seen;
  for (const auto& x : all_verbs()) {
    CHECK(seen.insert(x.verb).second);
    CHECK(x.verb.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-")
          == std::string::npos);
    CHECK(std::count(x.verb.begin(), x.verb.end(), '.') == 1);
  }
  for (auto verb :
       {"run.submit", "run.get", "run.wait", "run.list", "run.abort",
        "run.abort-all", "run.items", "report.get", "account.list",
        "task.create", "group.create", "batch.submit", "batch.wait",
        "split.submit", "budget.set", "webhook.list", "delivery.redrive"})
    CHECK(seen.contains(verb));
}

TEST_CASE("but for one, all that is done twice does the same") {
  for (const auto& x : all_verbs())
    CHECK(x.repeats == (x.verb != "batch-parallelism.restore"));
}

TEST_CASE("a command's members go into path, query and body") {
  auto show = request_of("run.get", R"({"name":"a/b","waitSecs":5})");
  CHECK(show.where.found->id == "getRun");
  CHECK(show.where.values.find("name")->second == "a/b");
  CHECK(show.query == "waitSecs=5");
  CHECK(show.request.body.empty());
  auto abort = request_of("run.abort", R"({"name":"a","gracefully":true})");
  CHECK(abort.request.body == R"({"gracefully":true})");
  CHECK(abort.query.empty());
  auto submit = request_of("run.submit", R"([{"actor":"x"}])", "k");
  CHECK(submit.request.body == R"([{"actor":"x"}])");
  CHECK(submit.request.headers.get("Idempotency-Key") == "k");
  auto retry = request_of("run.submit", R"({"actor":"x","retryFailed":true})");
  CHECK(retry.request.body == R"({"actor":"x"})");
  CHECK(retry.query == "retryFailed=true");
  auto many = request_of("item.read", R"({"runs":["a","b c"],"limit":null})");
  CHECK(many.query == "runs=a%2Cb%20c");
}

TEST_CASE("what waits waits a minute unless told otherwise") {
  CHECK(request_of("run.wait", R"({"name":"a"})").query == "waitSecs=60");
  CHECK(request_of("run.wait", R"({"name":"a","waitSecs":1})").query
        == "waitSecs=1");
}

TEST_CASE("a command that is none says what it should be") {
  CHECK(problem_of("run.fly", "{}").find("run.fly") != std::string::npos);
  CHECK(problem_of("", "{}").find("no verb") != std::string::npos);
  CHECK(problem_of("run.get", "").find("name: is missing")
        != std::string::npos);
  CHECK(problem_of("run.get", "{1").find("line 1") != std::string::npos);
  CHECK(problem_of("run.get", R"({"name":{}})").find("name: must be")
        != std::string::npos);
  CHECK(problem_of("event.stream", "").find(".evt.") != std::string::npos);
  CHECK(problem_of("batch.ended", R"({"name":"a"})").find("batch.wait")
        != std::string::npos);
  CHECK(problem_of("run.items", R"({"name":"a","follow":true})").find("follow")
        != std::string::npos);
}

TEST_CASE("an exchange without a connection gives the whole answer once") {
  std::vector<http::response> answers;
  auto take = [&](http::response x) { answers.push_back(std::move(x)); };
  {
    captured_exchange x{{}, 8, take};
    x.start({200, {}, {}});
    x.write("abc", [](bool ok) { CHECK(ok); });
    x.write("def", {});
    x.finish();
    x.drop();
  }
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].body == "abcdef");
  // Whatever is too long says what to do, and whoever writes learns of it.
  {
    captured_exchange x{{}, 8, take};
    auto gone = false;
    x.on_gone([&] { gone = true; });
    x.start({200, {}, {}});
    x.write("123456789", [](bool ok) { CHECK(!ok); });
    CHECK(gone);
    x.finish();
  }
  REQUIRE(answers.size() == 2);
  CHECK(answers[1].status == 413);
  { captured_exchange x{{}, 8, take}; }
  REQUIRE(answers.size() == 3);
  CHECK(answers[2].status == 500);
}
