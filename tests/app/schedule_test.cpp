#include "app/estimate/schedule.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::app;
using namespace std::chrono_literals;

namespace {

using runs = std::vector<scheduled_run>;

runs equal(std::size_t count, std::uint64_t memory, double secs) {
  return runs(count, scheduled_run{{memory}, 0, secs});
}

} // namespace

TEST_CASE("nothing takes no time") {
  CHECK(simulate({}, {}).wall_secs == 0);
}

TEST_CASE("without limits all runs go at once") {
  CHECK(simulate(equal(100, 1024, 7), {}).wall_secs == 7);
}

TEST_CASE("runs go as many at a time as there are run slots") {
  CHECK(simulate(equal(10, 1024, 6), {{}, 4}).wall_secs == 18);
}

TEST_CASE("runs go as many at a time as fit the memory") {
  CHECK(simulate(equal(10, 1024, 6), {mebibytes{4096}, {}}).wall_secs == 18);
}

TEST_CASE("the end of one run makes room for the next at once") {
  auto long_one = runs{{{1024}, 0, 10}};
  auto all = equal(5, 1024, 2);
  all.insert(all.begin(), long_one.front());
  CHECK(simulate(all, {mebibytes{2048}, {}}).wall_secs == 10);
}

TEST_CASE("what has a higher priority goes first") {
  // The long run decides when all are done: it must not be the last to start.
  auto late = runs{{{1024}, 0, 1}, {{1024}, 0, 1}, {{1024}, 0, 10}};
  auto early = runs{{{1024}, 0, 1}, {{1024}, 0, 1}, {{1024}, 5, 10}};
  CHECK(simulate(late, {{}, 1}).wall_secs == 12);
  CHECK(simulate(late, {{}, 2}).wall_secs == 11);
  CHECK(simulate(early, {{}, 2}).wall_secs == 10);
}

TEST_CASE("small runs pass a large one that does not fit") {
  auto all = runs{{{512}, 0, 4}, {{1024}, 0, 4}, {{512}, 0, 4}};
  CHECK(simulate(all, {mebibytes{1024}, {}}).wall_secs == 8);
}

TEST_CASE("small runs pass a large one only for a while") {
  auto all = runs{{{512}, 0, 3}, {{1024}, 0, 5}};
  for (auto i = 0; i < 20; ++i)
    all.push_back({{512}, 0, 2});
  auto kept = simulate(all, {mebibytes{1024}, {}, 4s});
  auto starved = simulate(all, {mebibytes{1024}, {}, 1h});
  // Room for it is kept from the end of the run that ends at 4 s on.
  CHECK(kept.wall_secs < starved.wall_secs + 5);
  CHECK(kept.wall_secs >= 5 + 20);
}

TEST_CASE("a run that never fits is left out") {
  auto all = equal(2, 1024, 3);
  all.push_back({{8192}, 0, 100});
  auto result = simulate(all, {mebibytes{4096}, {}});
  CHECK(result.never_fit == 1);
  CHECK(result.wall_secs == 3);
}

TEST_CASE("a hundred thousand runs of several sizes are played through") {
  runs all;
  for (std::uint64_t i = 0; i < 100'000; ++i)
    all.push_back({{std::uint64_t{128} << (i % 6)}, std::int32_t(i % 3), 1});
  auto total = 0.0;
  for (const auto& x : all)
    total += static_cast<double>(x.memory.count);
  auto wall = simulate(all, {mebibytes{65'536}, {}}).wall_secs;
  // Never faster than the memory allows, and hardly slower.
  CHECK(wall >= total / 65'536);
  CHECK(wall <= total / 65'536 * 1.1 + 2);
}
