#include "transport/apify/repeats.hpp"
#include "transport/apify/server_clock.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::apify;
using namespace std::chrono_literals;

TEST_CASE("what passes is repeated up to eight times") {
  for (auto code :
       {ec::rate_limited, ec::not_sent, ec::answer_lost, ec::bad_answer}) {
    CHECK(should_repeat(call_kind::get, code, 0));
    CHECK(should_repeat(call_kind::abort, code, 7));
    CHECK(!should_repeat(call_kind::get, code, 8));
  }
}

TEST_CASE("starts and resurrections are never repeated") {
  CHECK(!should_repeat(call_kind::start, ec::not_sent, 0));
  CHECK(!should_repeat(call_kind::start, ec::rate_limited, 0));
  CHECK(!should_repeat(call_kind::resurrect, ec::answer_lost, 0));
}

TEST_CASE("what does not pass is not repeated") {
  CHECK(!should_repeat(call_kind::get, ec::unauthorized, 0));
  CHECK(!should_repeat(call_kind::get, ec::not_found, 0));
  CHECK(!should_repeat(call_kind::limits, ec::forbidden, 0));
}

TEST_CASE("the wait before a repeat doubles, with a jitter of one to two") {
  CHECK(backoff(0, 0.0) == 500ms);
  CHECK(backoff(0, 1.0) == 1000ms);
  CHECK(backoff(3, 0.0) == 4000ms);
  CHECK(backoff(7, 0.0) == 30000ms);
  CHECK(backoff(40, 0.0) == 30000ms);
}

TEST_CASE("the platform's clock is known from its answers") {
  server_clock clock;
  auto start = server_clock::steady::time_point{} + 1h;
  clock.adjust("Sun, 22 Nov 2026 17:33:05 GMT", start);
  clock.adjust("nonsense", start + 1s);
  CHECK(to_string(clock.read(start + 1500ms)) == "2026-11-22T17:33:06.500Z");
}

TEST_CASE("before the first answer this machine's clock is all there is") {
  server_clock clock;
  CHECK(std::abs((clock.read({}) - now()).count()) < 1000);
}
