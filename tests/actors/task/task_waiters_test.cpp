#include "actors/task/task_waiters.hpp"

#include <catch2/catch.hpp>

#include <utility>

using namespace orc;
using namespace std::chrono_literals;

TEST_CASE("whoever does not wait any more leaves nothing behind") {
  constexpr auto start = timestamp{1'700'000'000'000};
  task_waiters all;
  acquire_task x;
  x.channel = "c";
  for (auto worker : {"a", "b", "c"}) {
    x.worker = worker;
    all.add({x, {}, start + 3600s});
  }
  auto first = all.take("c");
  REQUIRE(first);
  all.put_back(std::move(*first));
  CHECK(all.next_end() == start + 3600s);
  CHECK(all.take("c")->request.worker == "a");
  CHECK(all.remove("c", "b").size() == 1);
  CHECK(all.take("c")->request.worker == "c");
  CHECK(!all.next_end());
  all.add({x, {}, start + 1s});
  CHECK(all.expire(start).empty());
  CHECK(all.expire(start + 1s).size() == 1);
}
