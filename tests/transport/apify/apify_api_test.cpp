#include "tests/transport/apify/fake_platform.hpp"
#include "transport/apify/apify_api.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <memory>
#include <optional>
#include <thread>

using namespace orc;
using namespace orc::literals;
using namespace std::chrono_literals;

namespace {

constexpr auto run_r1 = R"({"data":{"id":"r1","actId":"a1","status":"READY",
  "startedAt":"2026-11-22T17:33:05.120Z","options":{"memoryMbytes":256}}})";

std::string refusal(const std::string& type) {
  return R"({"error":{"type":")" + type + R"(","message":"Because."}})";
}

/// An APIFY API that talks to a fake platform over a socket.
struct fixture {
  fixture() : api{connect(platform.url())} {
    // nop
  }

  ~fixture() {
    caf::anon_send_exit(api, caf::exit_reason::user_shutdown);
    client->stop();
  }

  apify_api_actor connect(std::string url) {
    account_settings account;
    account.token = secret{"t0ken"};
    account.base_url = std::move(url);
    return system.spawn(apify_api, client, account);
  }

  template <class Response, class Request>
  caf::expected<Response> ask(Request request) {
    return ask<Response>(api, std::move(request));
  }

  template <class Response, class Request>
  caf::expected<Response> ask(const apify_api_actor& to, Request request) {
    caf::scoped_actor self{system};
    std::optional<caf::expected<Response>> result;
    self->request(to, 20s, std::move(request))
      .receive([&](Response& x) { result.emplace(std::move(x)); },
               [&](caf::error& x) { result.emplace(std::move(x)); });
    return *result;
  }

  api_usage usage() {
    return *ask<api_usage>(get_api_usage{});
  }

  caf::actor_system_config config;
  io_runtime runtime;
  std::shared_ptr<http::client> client
    = std::make_shared<http::client>(runtime, http::client_options{});
  test::fake_platform platform{runtime};
  caf::actor_system system{config};
  apify_api_actor api;
};

} // namespace

TEST_CASE_METHOD(fixture, "a start is answered with the platform's run") {
  platform.answer(201, run_r1);
  auto run = ask<remote_run>(
    start_remote_run{{"a/b"}, json_text{R"({"x":1})"}, {}, "k1.1"});
  REQUIRE(run);
  CHECK(run->id == "r1");
  CHECK(run->memory == 256_MiB);
  auto seen = platform.requests().at(0);
  CHECK(seen.line == "POST /v2/actors/a~b/runs");
  CHECK(seen.body == R"({"x":1})");
  CHECK(seen.headers.get("authorization") == "Bearer t0ken");
  CHECK_THAT(std::string{seen.headers.get("user-agent")},
             Catch::EndsWith(" run/k1.1"));
}

TEST_CASE_METHOD(fixture, "a start whose answer is lost is not repeated") {
  platform.drop().answer(201, run_r1);
  auto run = ask<remote_run>(start_remote_run{{"a/b"}, {}, {}, {}});
  REQUIRE(!run);
  CHECK(code_of(run.error()) == ec::answer_lost);
  CHECK(platform.requests().size() == 1);
  CHECK(usage().lost_answers == 1);
}

TEST_CASE_METHOD(fixture, "a start that is refused tells why") {
  platform.answer(402, refusal("actor-memory-limit-exceeded"))
    .answer(429, refusal("rate-limit-exceeded"))
    .answer(500, refusal("internal-server-error"))
    .answer(201, R"({"data":{"id":)");
  auto code = [&] {
    return code_of(
      ask<remote_run>(start_remote_run{{"a/b"}, {}, {}, {}}).error());
  };
  CHECK(code() == ec::memory_refused);
  CHECK(code() == ec::rate_limited);
  CHECK(code() == ec::answer_lost);
  CHECK(code() == ec::answer_lost);
  CHECK(platform.requests().size() == 4);
}

TEST_CASE_METHOD(fixture, "a get is repeated until it is answered") {
  platform.answer(503, "busy").drop().answer(200, run_r1);
  auto run = ask<remote_run>(get_remote_run{"r1", 0});
  REQUIRE(run);
  CHECK(platform.requests().size() == 3);
  auto counted = usage();
  CHECK(counted.calls.at("get") == 3);
  CHECK(counted.repeats == 2);
  CHECK(counted.server_errors == 1);
  CHECK(counted.lost_answers == 1);
}

TEST_CASE_METHOD(fixture, "an abort is repeated after a 429") {
  platform.answer(429, refusal("rate-limit-exceeded")).answer(200, run_r1);
  REQUIRE(ask<remote_run>(abort_remote_run{"r1", false}));
  CHECK(usage().rate_limited == 1);
}

TEST_CASE_METHOD(fixture, "a refused get is not repeated") {
  platform.answer(404, refusal("record-not-found"));
  auto run = ask<remote_run>(get_remote_run{"r1", 0});
  REQUIRE(!run);
  CHECK(code_of(run.error()) == ec::not_found);
  CHECK(platform.requests().size() == 1);
}

TEST_CASE_METHOD(fixture,
                 "an API that nobody serves is told of within seconds") {
  auto nowhere = connect("http://127.0.0.1:1");
  auto user = ask<remote_user>(nowhere, get_user{});
  REQUIRE(!user);
  CHECK(code_of(user.error()) == ec::not_sent);
  CHECK_THAT(message_of(user.error()),
             Catch::Contains("cannot reach http://127.0.0.1:1")
               && Catch::Contains("APIFY_API_BASE_URL"));
}

TEST_CASE_METHOD(fixture, "the input of a run is followed to where it lies") {
  platform.answer(302, "", {{"Location", platform.url() + "/bucket?sig=1"}})
    .answer(200, R"({"x":1})");
  auto input = ask<json_text>(get_input{"s1"});
  REQUIRE(input);
  CHECK(input->view() == R"({"x":1})");
  CHECK(platform.requests().at(1).line == "GET /bucket?sig=1");
}

TEST_CASE_METHOD(fixture, "a run without input has an empty one") {
  platform.answer(404, refusal("record-not-found"))
    .answer(404, refusal("key-value-store-not-found"));
  auto input = ask<json_text>(get_input{"s1"});
  REQUIRE(input);
  CHECK(input->empty());
  CHECK(!ask<json_text>(get_input{"s2"}));
}

TEST_CASE_METHOD(fixture, "a task without memory gets what its actor gets") {
  platform.answer(200, R"({"data":{"id":"t1","actId":"a1","options":{}}})")
    .answer(200, R"({"data":{"id":"a1",
                     "defaultRunOptions":{"memoryMbytes":2048}}})");
  auto found = ask<target_defaults>(get_target{{"me/t", true}});
  REQUIRE(found);
  CHECK(found->memory == 2048_MiB);
  CHECK(found->task_id == "t1");
  CHECK(platform.requests().at(1).line == "GET /v2/actors/a1");
}

TEST_CASE_METHOD(fixture, "a page of items has the counts of its headers") {
  platform.answer(200, "{}\n{}\n",
                  {{"X-Apify-Pagination-Count", "2"},
                   {"X-Apify-Pagination-Total", "12"}});
  auto page = ask<items_page>(get_items{"d1", 0, 2, "jsonl", ""});
  REQUIRE(page);
  CHECK(page->body.view() == "{}\n{}\n");
  CHECK(page->count == 2);
  CHECK(page->total == 12);
}

TEST_CASE_METHOD(fixture, "lines are counted where the platform does not") {
  platform.answer(200, "{}\n{}\n").answer(200, "a,b\n1,2\n");
  CHECK(ask<items_page>(get_items{"d1", 0, 9, "jsonl", ""})->count == 2);
  CHECK(ask<items_page>(get_items{"d1", 0, 9, "csv", ""})->count == 1);
}

TEST_CASE_METHOD(fixture, "the platform's time is that of its last answer") {
  platform.answer(200, R"({"data":{"id":"u","username":"me"}})");
  REQUIRE(ask<remote_user>(get_user{}));
  auto time = ask<timestamp>(get_server_time{});
  REQUIRE(time);
  CHECK(std::abs((*time - now()).count()) < 2500);
}

TEST_CASE_METHOD(fixture, "a stop answers what is still under way") {
  auto slow = connect(platform.url());
  caf::scoped_actor self{system};
  std::optional<caf::error> error;
  for (auto i = 0; i < 9; ++i)
    platform.answer(503, "busy");
  auto request = self->request(slow, 20s, get_remote_run{"r1", 0});
  while (platform.requests().empty())
    std::this_thread::sleep_for(1ms);
  caf::anon_send_exit(slow, caf::exit_reason::user_shutdown);
  request.receive([](remote_run&) {}, [&](caf::error& x) { error = x; });
  REQUIRE(error);
  CHECK(code_of(*error) == ec::answer_lost);
}
