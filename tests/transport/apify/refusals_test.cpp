#include "messages/base/error.hpp"
#include "transport/apify/refusals.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::apify;

namespace {

const api_call start_call{call_kind::start, {}, "start of Apify actor `a/b`"};
const api_call get_call{call_kind::get, {}, "platform run r1"};

http::response refusal(int status, const std::string& type,
                       const std::string& message = "Because.") {
  return {status,
          {},
          R"({"error":{"type":")" + type + R"(","message":")" + message
            + R"("}})"};
}

ec code_for(int status, const std::string& type) {
  return code_of(explain_refusal(start_call, refusal(status, type)));
}

} // namespace

TEST_CASE("no memory now is told by the type, whatever the status") {
  for (auto status : {400, 402, 403}) {
    CHECK(code_for(status, "actor-memory-limit-exceeded")
          == ec::memory_refused);
    CHECK(code_for(status, "memory-limit-exceeded") == ec::memory_refused);
  }
}

TEST_CASE("no run slot now is told by the type, whatever the status") {
  for (auto status : {400, 402, 403}) {
    CHECK(code_for(status, "concurrent-runs-limit-exceeded")
          == ec::slots_refused);
    CHECK(code_for(status, "cannot-start-actor-runs") == ec::slots_refused);
  }
}

TEST_CASE("what has to be paid for first is told apart") {
  CHECK(code_for(402, "not-enough-usage-to-run-paid-actor")
        == ec::billing_refused);
  CHECK(code_for(403, "platform-feature-disabled") == ec::billing_refused);
  CHECK(code_for(402, "a-type-of-tomorrow") == ec::billing_refused);
}

TEST_CASE("unknown types are judged by their status") {
  CHECK(code_for(400, "x") == ec::invalid_input);
  CHECK(code_for(401, "x") == ec::unauthorized);
  CHECK(code_for(403, "x") == ec::forbidden);
  CHECK(code_for(404, "x") == ec::not_found);
  CHECK(code_for(413, "x") == ec::input_too_large);
  CHECK(code_for(429, "x") == ec::rate_limited);
  CHECK(code_for(418, "x") == ec::api_refused);
}

TEST_CASE("whatever a 5xx says, the start may have been carried out") {
  CHECK(code_for(500, "internal-server-error") == ec::answer_lost);
  CHECK(code_for(503, "rate-limit-exceeded") == ec::answer_lost);
  CHECK(code_for(502, "invalid-input") == ec::answer_lost);
  CHECK(code_of(explain_refusal(start_call, {504, {}, "<html>"}))
        == ec::answer_lost);
}

TEST_CASE("the sentence holds what the platform said, the type is passed on") {
  auto err = explain_refusal(
    start_call, refusal(400, "invalid-input", "Field maxPages must be >= 1"));
  CHECK(message_of(err)
        == "start of Apify actor `a/b`: Field maxPages must be >= 1");
  CHECK(type_of(err) == "invalid-input");
}

TEST_CASE("a wrong token tells what to check") {
  auto err = explain_refusal(get_call, refusal(401, "invalid-token"));
  CHECK_THAT(message_of(err), Catch::Contains("APIFY_TOKEN"));
}

TEST_CASE("no answer brings the token, or what signs a URL, to light") {
  auto call = get_call;
  call.request.headers.set("Authorization", "Bearer apify_api_x1");
  auto err = explain_refusal(
    call, refusal(400, "bad", "token apify_api_x1 may not (apify_api_x1)"));
  CHECK(message_of(err) == "platform run r1: token *** may not (***)");
  http::response moved{302, {}, ""};
  moved.headers.set("Location", "https://else.where/apify_api_x1?signature=7");
  CHECK_THAT(message_of(explain_refusal(call, moved)),
             Catch::Contains("it points to https://else.where/***:"));
}

TEST_CASE("a refusal of something that is no Apify API is readable, too") {
  auto err = explain_refusal(get_call, {404, {}, "<html>not here</html>"});
  CHECK(message_of(err) == "platform run r1: HTTP 404 Not Found");
  CHECK(type_of(err) == "not-found");
}

TEST_CASE("an API that cannot be reached tells what to check") {
  auto err = explain_failure(start_call,
                             {http::failure::not_sent, "Connection refused"},
                             "https://api.apify.com");
  CHECK(code_of(err) == ec::not_sent);
  CHECK(message_of(err)
        == "cannot reach https://api.apify.com: Connection refused; check "
           "--api or APIFY_API_BASE_URL");
}

TEST_CASE("a request that was cut off may have been carried out") {
  auto err
    = explain_failure(start_call, {http::failure::answer_lost, "reset by peer"},
                      "https://api.apify.com");
  CHECK(code_of(err) == ec::answer_lost);
  CHECK_THAT(message_of(err), Catch::Contains("reset by peer"));
}

TEST_CASE("an unreadable answer to a start is as good as lost") {
  auto why = make_error(ec::bad_answer, "no JSON");
  CHECK(code_of(explain_unreadable(start_call, why)) == ec::answer_lost);
  CHECK(code_of(explain_unreadable(get_call, why)) == ec::bad_answer);
}

TEST_CASE("an answer that says null is one of a run not found yet") {
  auto why = make_error(ec::not_found, "the platform does not know it");
  CHECK(code_of(explain_unreadable(get_call, why)) == ec::not_found);
  CHECK(code_of(explain_unreadable(start_call, why)) == ec::answer_lost);
}
