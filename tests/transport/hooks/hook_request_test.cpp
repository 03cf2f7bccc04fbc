#include "messages/base/error.hpp"
#include "transport/hooks/hook_request.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using Catch::StartsWith;

namespace {

send_hook make_attempt() {
  send_hook result;
  result.url = secret{"https://example.com:8443/in?key=1"};
  result.signing_key = secret{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
  result.event_id = "store-1-2";
  result.event = json_text{"{}"};
  return result;
}

} // namespace

TEST_CASE("an attempt posts the event, signed with the time it is sent at") {
  auto request = webhook::make_request(make_attempt(), {5'000});
  REQUIRE(request);
  CHECK(request->method == "POST");
  CHECK(request->url.authority() == "example.com:8443");
  CHECK(request->url.target == "/in?key=1");
  CHECK(*request->body == "{}");
  CHECK(request->headers.get("Content-Type")
        == "application/cloudevents+json; charset=utf-8");
  CHECK(request->headers.get("webhook-id") == "store-1-2");
  CHECK(request->headers.get("webhook-timestamp") == "5");
  CHECK_THAT(std::string{request->headers.get("webhook-signature")},
             StartsWith("v1,"));
}

TEST_CASE("without a key nothing is signed") {
  auto attempt = make_attempt();
  attempt.signing_key = {};
  auto request = webhook::make_request(attempt, {5'000});
  REQUIRE(request);
  CHECK_FALSE(request->headers.contains("webhook-signature"));
}

TEST_CASE("an attempt that makes no sense is not sent") {
  auto attempt = make_attempt();
  attempt.url = secret{"ftp://example.com"};
  CHECK(code_of(webhook::make_request(attempt, {}).error()) == ec::bad_config);
  attempt = make_attempt();
  attempt.signing_key = secret{"x"};
  CHECK(code_of(webhook::make_request(attempt, {}).error()) == ec::bad_config);
}

TEST_CASE("an answer says how it went and how long to wait") {
  auto taken = webhook::read_answer(http::response{204, {}, ""});
  CHECK(taken.status == 204);
  CHECK(taken.problem.empty());
  auto busy = webhook::read_answer(
    http::response{503, {{"Retry-After", "7"}}, "secrets of theirs"});
  CHECK(busy.problem == "it answered 503 Service Unavailable");
  CHECK(busy.retry_after == std::chrono::seconds{7});
}

TEST_CASE("a redirect is a failure: what is signed for one place is not for "
          "another") {
  auto moved
    = webhook::read_answer(http::response{302, {{"Location", "/x"}}, ""});
  CHECK(moved.problem == "it answered 302 Found");
}

TEST_CASE("a problem does not tell the path, which may be secret") {
  auto lost = webhook::read_answer(
    http::send_error{http::failure::answer_lost,
                     "POST https://example.com/secret: no answer within 5 ms"});
  CHECK(lost.status == 0);
  CHECK(lost.problem == "no answer within 5 ms");
  auto refused = webhook::read_answer(http::send_error{
    http::failure::not_sent, "connect to example.com:443: Connection refused"});
  CHECK(refused.problem == "connect to example.com:443: Connection refused");
}
