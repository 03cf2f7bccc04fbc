#include "actors/account/pacer.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

constexpr timestamp start{1'000'000};

timestamp after(std::int64_t millis) {
  return start + std::chrono::milliseconds{millis};
}

/// Sends as many starts as it may in a second.
int send_for_a_second(pacer& x, std::int64_t from) {
  auto sent = 0;
  for (auto millis = from; millis < from + 1000; ++millis)
    while (x.ready_at() <= after(millis) && sent < 10'000) {
      x.sent(after(millis));
      ++sent;
    }
  return sent;
}

/// Has just sent 100 starts in a second, the last of them too many.
pacer limited_pacer() {
  pacer x;
  for (auto i = 0; i < 100; ++i)
    x.sent(after(i * 10));
  x.limited(after(1000), 0);
  return x;
}

} // namespace

TEST_CASE("starts are not paced until the platform asks for fewer") {
  pacer x;
  for (auto i = 0; i < 1000; ++i) {
    REQUIRE(x.ready_at() <= start);
    x.sent(start);
    x.worked();
  }
}

TEST_CASE("after a 429 nothing starts for half a second") {
  auto x = limited_pacer();
  CHECK(x.backs_off(after(1499)));
  CHECK(x.ready_at() == after(1500));
}

TEST_CASE("jitter makes the back-off longer") {
  pacer x;
  x.sent(start);
  x.limited(start, 0.5);
  CHECK(x.ready_at() == after(750));
}

TEST_CASE("many 429 of one burst count once") {
  auto x = limited_pacer();
  for (auto i = 0; i < 50; ++i)
    x.limited(after(1100), 0);
  CHECK(x.ready_at() == after(1500));
}

TEST_CASE("the back-off doubles while 429 go on, up to a minute") {
  pacer x;
  auto now = start;
  for (auto wait : {500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000}) {
    x.limited(now, 0);
    CHECK((x.ready_at() - now).count() == wait);
    now = x.ready_at();
  }
}

TEST_CASE("after the back-off starts go at a part of the rate seen") {
  auto x = limited_pacer();
  auto sent = send_for_a_second(x, 1500);
  CHECK(sent >= 65);
  CHECK(sent <= 75);
}

TEST_CASE("the rate grows back with starts that work, until it is free") {
  auto x = limited_pacer();
  std::int64_t now = 1500;
  auto last = 0;
  for (auto second = 0; second < 16; ++second, now += 1000) {
    last = send_for_a_second(x, now);
    for (auto i = 0; i < last; ++i)
      x.worked();
  }
  CHECK(last == 10'000);
}
