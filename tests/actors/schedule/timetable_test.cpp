#include "actors/schedule/timetable.hpp"
#include "messages/base/error.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <vector>

using namespace orc;
using namespace std::chrono_literals;

namespace {

constexpr auto start = timestamp{1'800'000'000'000};

timetable every(std::uint64_t secs, catch_up_policy catch_up,
                std::uint64_t window = 86'400, std::uint64_t jitter = 0) {
  schedule_definition x;
  x.name = "s";
  x.every_secs = secs;
  x.catch_up = catch_up;
  x.catch_up_window_secs = window;
  x.jitter_secs = jitter;
  auto result = timetable::make(x, start);
  REQUIRE(result);
  return *result;
}

} // namespace

TEST_CASE("an interval is counted from when the schedule was made") {
  auto times = every(60, catch_up_policy::last);
  CHECK(times.next(start) == start + 60s);
  CHECK(times.next(start + 59'999ms) == start + 60s);
  CHECK(times.next(start + 60s) == start + 120s);
  CHECK(times.next(start - 10s) == start + 60s);
}

TEST_CASE("a time that has come counts") {
  for (auto policy :
       {catch_up_policy::none, catch_up_policy::last, catch_up_policy::all}) {
    auto times = every(60, policy);
    CHECK(times.due(start, start + 59s).empty());
    CHECK(times.due(start, start + 61s) == std::vector{start + 60s});
    CHECK(times.due(start + 60s, start + 61s).empty());
  }
}

TEST_CASE("what is a little late was not missed") {
  auto times = every(10, catch_up_policy::none);
  CHECK(times.due(start, start + 25s) == std::vector{start + 10s, start + 20s});
}

TEST_CASE("what was missed counts as the policy says") {
  auto now = start + 2h + 35s;
  CHECK(every(3600, catch_up_policy::none).due(start, now).empty());
  CHECK(every(3600, catch_up_policy::last).due(start, now)
        == std::vector{start + 2h});
  CHECK(every(3600, catch_up_policy::all).due(start, now)
        == std::vector{start + 1h, start + 2h});
}

TEST_CASE("nothing counts that is older than the window") {
  auto now = start + 2h + 35s;
  CHECK(every(3600, catch_up_policy::all, 60).due(start, now)
        == std::vector{start + 2h});
  CHECK(every(3600, catch_up_policy::last, 30).due(start, now).empty());
  // There is an end to what is caught up with.
  CHECK(every(1, catch_up_policy::all).due(start, now).size()
        == most_caught_up);
}

TEST_CASE("a time has its jitter, whoever asks") {
  auto times = every(3600, catch_up_policy::last, 86'400, 600);
  auto other = every(3600, catch_up_policy::last, 86'400, 600);
  std::set<std::int64_t> lates;
  for (auto due = times.next(start); lates.size() < 20; due
                                                        = times.next(*due)) {
    auto late = times.at(*due) - *due;
    CHECK(late >= 0s);
    CHECK(late <= 600s);
    CHECK(other.at(*due) == times.at(*due));
    lates.insert(late.count());
  }
  CHECK(every(3600, catch_up_policy::last).at(start) == start);
}

TEST_CASE("a definition that makes no sense is refused") {
  schedule_definition x;
  x.name = "s";
  CHECK(!timetable::make(x, start));
  x.cron = "* * * * *";
  CHECK(timetable::make(x, start));
  x.every_secs = 5;
  CHECK(!timetable::make(x, start));
  x.cron = std::nullopt;
  x.every_secs = 0;
  CHECK(!timetable::make(x, start));
  x.every_secs = std::nullopt;
  x.cron = "0 0 31 2 *";
  auto never = timetable::make(x, start);
  REQUIRE(!never);
  CHECK(message_of(never.error()).find("never") != std::string::npos);
}
