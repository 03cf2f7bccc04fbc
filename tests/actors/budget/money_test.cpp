#include "actors/budget/money.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

timestamp at(const char* text) {
  return parse_timestamp(text).value();
}

} // namespace

TEST_CASE("a day begins at midnight, by UTC") {
  auto noon = at("2026-11-27T12:00:00Z");
  CHECK(first_day(budget_period::day, noon) == day_of(noon));
  CHECK(end_of(budget_period::day, noon) == at("2026-11-28T00:00:00Z"));
}

TEST_CASE("a month begins on its first day") {
  auto noon = at("2026-12-27T12:00:00Z");
  CHECK(first_day(budget_period::month, noon)
        == day_of(at("2026-12-01T00:00:00Z")));
  CHECK(end_of(budget_period::month, noon) == at("2027-01-01T00:00:00Z"));
}

TEST_CASE("a total never ends") {
  CHECK_FALSE(end_of(budget_period::total, at("2026-11-27T12:00:00Z")));
}

TEST_CASE("no amount is too large to be counted") {
  CHECK(to_nano(0.25) == 250'000'000);
  CHECK(to_nano(1e300) == 1'000'000'000'000'000'000);
  CHECK(to_nano(-1e300) == -1'000'000'000'000'000'000);
}
