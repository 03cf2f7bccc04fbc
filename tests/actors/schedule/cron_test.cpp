#include "actors/schedule/cron.hpp"
#include "messages/base/error.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace orc;

namespace {

timestamp at(const char* text) {
  auto result = parse_timestamp(text);
  REQUIRE(result);
  return *result;
}

time_zone zone_of(const std::string& name) {
  auto result = time_zone::find(name);
  REQUIRE(result);
  return *result;
}

/// @returns the next times, in UTC, to the minute.
std::vector<std::string>
times(const char* text, const char* after, std::size_t count,
      const std::string& zone = "UTC") {
  auto expression = cron::parse(text);
  REQUIRE(expression);
  std::vector<std::string> result;
  auto now = at(after);
  while (result.size() < count) {
    auto next = expression->next(now, zone_of(zone));
    if (!next)
      break;
    result.push_back(to_string(*next).substr(0, 16));
    now = *next;
  }
  return result;
}

std::string problem_of(const char* text) {
  auto result = cron::parse(text);
  REQUIRE(!result);
  REQUIRE(code_of(result.error()) == ec::bad_field);
  return message_of(result.error());
}

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("a star is every one") {
  CHECK(times("* * * * *", "2026-11-28T12:00:00Z", 2)
        == texts{"2026-11-28T12:01", "2026-11-28T12:02"});
  CHECK(times("* * * * *", "2026-11-28T12:00:59.999Z", 1)
        == texts{"2026-11-28T12:01"});
}

TEST_CASE("lists, ranges and steps") {
  CHECK(times("5,35 8-10 * * *", "2026-11-28T08:06:00Z", 3)
        == texts{"2026-11-28T08:35", "2026-11-28T09:05", "2026-11-28T09:35"});
  CHECK(times("*/20 * * * *", "2026-11-28T23:30:00Z", 2)
        == texts{"2026-11-28T23:40", "2026-11-29T00:00"});
  CHECK(times("7/25 0-12/6 * * *", "2026-11-28T00:00:00Z", 4)
        == texts{"2026-11-28T00:07", "2026-11-28T00:32", "2026-11-28T00:57",
                 "2026-11-28T06:07"});
}

TEST_CASE("months and days of the week have names") {
  // 2026-11-28 is a Saturday.
  CHECK(times("0 9 * * mon-FRI", "2026-11-28T00:00:00Z", 2)
        == texts{"2026-11-30T09:00", "2026-12-01T09:00"});
  CHECK(times("0 0 1 Jan,jul *", "2026-11-28T00:00:00Z", 2)
        == texts{"2027-01-01T00:00", "2027-07-01T00:00"});
  CHECK(times("0 0 * * 7", "2026-11-28T00:00:00Z", 1)
        == times("0 0 * * sun", "2026-11-28T00:00:00Z", 1));
  CHECK(times("0 0 * * fri-mon", "2026-11-28T00:00:00Z", 3)
        == texts{"2026-11-29T00:00", "2026-11-30T00:00", "2026-12-04T00:00"});
}

TEST_CASE("of two kinds of days one is enough") {
  CHECK(times("0 0 13 * fri", "2026-11-01T00:00:00Z", 3)
        == texts{"2026-11-06T00:00", "2026-11-13T00:00", "2026-11-20T00:00"});
  CHECK(times("0 0 13 * fri", "2026-12-04T00:00:00Z", 3)
        == texts{"2026-12-11T00:00", "2026-12-13T00:00", "2026-12-18T00:00"});
}

TEST_CASE("the last day of a month") {
  CHECK(times("0 12 L * *", "2027-01-31T13:00:00Z", 3)
        == texts{"2027-02-28T12:00", "2027-03-31T12:00", "2027-04-30T12:00"});
  CHECK(times("0 0 1,L 2 *", "2028-01-01T00:00:00Z", 2)
        == texts{"2028-02-01T00:00", "2028-02-29T00:00"});
}

TEST_CASE("words stand for the usual times") {
  CHECK(times("@hourly", "2026-11-28T12:00:00Z", 1)
        == texts{"2026-11-28T13:00"});
  CHECK(times("@daily", "2026-11-28T12:00:00Z", 1)
        == texts{"2026-11-29T00:00"});
  CHECK(times("@Weekly", "2026-11-28T12:00:00Z", 1)
        == texts{"2026-11-29T00:00"});
  CHECK(times("@monthly", "2026-11-28T12:00:00Z", 1)
        == texts{"2026-12-01T00:00"});
  CHECK(times("@yearly", "2026-11-28T12:00:00Z", 1)
        == texts{"2027-01-01T00:00"});
}

TEST_CASE("leap days come every four years, or eight") {
  CHECK(times("0 0 29 2 *", "2096-03-01T00:00:00Z", 1)
        == texts{"2104-02-29T00:00"});
  CHECK(times("0 0 30 2 *", "2026-01-01T00:00:00Z", 1).empty());
}

TEST_CASE("times are those of a place") {
  CHECK(times("30 9 * * *", "2026-11-28T00:00:00Z", 1, "Asia/Kolkata")
        == texts{"2026-11-28T04:00"});
  CHECK(times("0 9 * * *", "2026-07-01T00:00:00Z", 1, "Europe/Prague")
        == texts{"2026-07-01T07:00"});
  CHECK(times("0 9 * * *", "2026-12-01T00:00:00Z", 1, "Europe/Prague")
        == texts{"2026-12-01T08:00"});
}

TEST_CASE("a time that is left out comes when the clocks have changed") {
  // On 2026-03-29 at 2:00 it is 3:00 in Prague.
  CHECK(times("30 2 * * *", "2026-03-28T12:00:00Z", 2, "Europe/Prague")
        == texts{"2026-03-29T01:00", "2026-03-30T00:30"});
  // It does not come twice where both times are one.
  CHECK(times("30 2,3 * * *", "2026-03-29T00:00:00Z", 2, "Europe/Prague")
        == texts{"2026-03-29T01:00", "2026-03-29T01:30"});
  CHECK(times("0 * * * *", "2026-03-29T00:00:00Z", 2, "Europe/Prague")
        == texts{"2026-03-29T01:00", "2026-03-29T02:00"});
}

TEST_CASE("a time that comes twice counts once, unless every hour counts") {
  // On 2026-10-25 at 3:00 it is 2:00 again in Prague.
  CHECK(times("30 2 * * *", "2026-10-24T12:00:00Z", 2, "Europe/Prague")
        == texts{"2026-10-25T00:30", "2026-10-26T01:30"});
  CHECK(times("30 * * * *", "2026-10-24T23:45:00Z", 3, "Europe/Prague")
        == texts{"2026-10-25T00:30", "2026-10-25T01:30", "2026-10-25T02:30"});
}

TEST_CASE("clocks that are set back over midnight are no end of time") {
  // In 2001 Havana went from 1:00 back to 0:00; in 1986 Cairo, and others, from
  // midnight to 23:00.
  CHECK(times("0 0 * * *", "1986-09-30T12:00:00Z", 2, "Africa/Cairo").size()
        == 2);
  CHECK(times("*/30 * 2 10 *", "1986-09-30T12:00:00Z", 2, "Africa/Cairo").size()
        == 2);
}

TEST_CASE("what is no time is said") {
  CHECK(problem_of("* * * *").find("five parts") != std::string::npos);
  CHECK(problem_of("60 * * * *").find("minute") != std::string::npos);
  CHECK(problem_of("* 24 * * *").find("hour") != std::string::npos);
  CHECK(problem_of("* * 0 * *").find("day of the month") != std::string::npos);
  CHECK(problem_of("* * * foo *").find("month") != std::string::npos);
  CHECK(problem_of("* * * * 8").find("week") != std::string::npos);
  CHECK(problem_of("*/0 * * * *").find("minute") != std::string::npos);
  CHECK(problem_of("1, * * * *").find("minute") != std::string::npos);
  CHECK(problem_of("@often").find("@hourly") != std::string::npos);
  CHECK(problem_of("").find("five parts") != std::string::npos);
}

TEST_CASE("a place that is unknown is said") {
  auto zone = time_zone::find("Europe/Atlantis");
  REQUIRE(!zone);
  CHECK(code_of(zone.error()) == ec::bad_field);
}
