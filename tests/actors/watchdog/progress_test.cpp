#include "actors/watchdog/progress.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace std::chrono_literals;

namespace {

constexpr auto noon = timestamp{1'700'000'000'000};

remote_run working(const char* message) {
  remote_run x;
  x.status = remote_status::running;
  x.status_message = message;
  return x;
}

} // namespace

TEST_CASE("a run is stuck when nothing was new for all its patience") {
  auto x = progress{60s, noon};
  CHECK_FALSE(x.saw_items(5, noon + 1s));
  CHECK_FALSE(x.saw_items(5, noon + 59s));
  CHECK_FALSE(x.is_stuck(noon + 59s));
  CHECK(x.is_stuck(noon + 60s));
}

TEST_CASE("another number of items is progress") {
  auto x = progress{60s, noon};
  x.saw_items(5, noon + 10s);
  CHECK(x.saw_items(6, noon + 50s));
  CHECK_FALSE(x.is_stuck(noon + 109s));
  CHECK(x.is_stuck(noon + 110s));
}

TEST_CASE("another status message, or a migration, is progress") {
  auto x = progress{60s, noon};
  CHECK_FALSE(x.saw_run(working("page 1"), noon + 10s));
  CHECK(x.saw_run(working("page 2"), noon + 20s));
  auto moved = working("page 2");
  moved.migration_count = 1;
  CHECK(x.saw_run(moved, noon + 30s));
  CHECK_FALSE(x.saw_run(moved, noon + 40s));
}

TEST_CASE("a young line in the log is progress, an old one is none") {
  auto x = progress{60s, noon};
  CHECK_FALSE(x.saw_log(61s, noon + 60s));
  CHECK(x.saw_log(20s, noon + 60s));
  CHECK(x.quiet(noon + 60s) == 20s);
}

TEST_CASE("a run is looked at four times in its patience") {
  CHECK(progress(40s, noon).next_look(noon) == noon + 10s);
}

TEST_CASE("a run is looked at every five minutes, however patient it is") {
  CHECK(progress(std::chrono::hours{1}, noon).next_look(noon) == noon + 5min);
}

TEST_CASE("a run is looked at when its patience ends") {
  CHECK(progress(40s, noon).next_look(noon + 35s) == noon + 40s);
}
