// Times come, wait and are missed.

#include "tests/actors/schedule/schedule_world.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace std::chrono_literals;
using test::schedule_world;

TEST_CASE_METHOD(schedule_world,
                 "a schedule makes something once for each time") {
  auto x = every(10);
  x.overlap = overlap_policy::allow;
  set(x);
  pass(35s);
  CHECK(all->made.size() == 3);
  CHECK(view().made == 3);
  CHECK(view().next_at == start + 40s);
}

TEST_CASE_METHOD(schedule_world,
                 "a time is skipped while the last is not done") {
  set(every(10));
  pass(25s);
  CHECK(all->made.size() == 1);
  CHECK(view().skipped == 1);
  finish_all();
  pass(10s);
  CHECK(all->made.size() == 2);
}

TEST_CASE_METHOD(schedule_world, "one time waits until the last is done") {
  auto x = every(10);
  x.overlap = overlap_policy::queue;
  set(x);
  pass(35s);
  CHECK(all->made.size() == 1);
  CHECK(view().queued == start + 20s);
  CHECK(view().skipped == 1);
  finish_all();
  pass(1s);
  CHECK(all->made.size() == 2);
  CHECK(!view().queued);
}

TEST_CASE_METHOD(schedule_world, "a time that waits survives a restart") {
  auto x = every(10);
  x.overlap = overlap_policy::queue;
  set(x);
  pass(25s);
  restart();
  finish_all();
  pass(1s);
  CHECK(all->made.size() == 2);
}

TEST_CASE_METHOD(schedule_world, "what was made last is aborted first") {
  auto x = every(10);
  x.overlap = overlap_policy::abort;
  set(x);
  pass(25s);
  CHECK(all->made.size() == 2);
  CHECK(all->removed == std::vector{all->made.front()});
}

TEST_CASE_METHOD(schedule_world,
                 "what was made before a death is not made again") {
  set(every(10));
  all->loses_answer = true;
  pass(11s);
  REQUIRE(all->made.size() == 1);
  CHECK(view().made == 0);
  all->loses_answer = false;
  restart();
  pass(1s);
  CHECK(all->made.size() == 1);
  CHECK(view().made == 1);
  CHECK(view().fires.front().due == start + 10s);
}

TEST_CASE_METHOD(schedule_world, "a time that came during a restart counts") {
  auto x = every(10);
  x.overlap = overlap_policy::allow;
  x.catch_up = catch_up_policy::none;
  set(x);
  kill(subject);
  all->now = all->now + 12s;
  begin();
  CHECK(all->made.size() == 1);
}

TEST_CASE_METHOD(schedule_world, "missed times count as the policy says") {
  auto policy = GENERATE(catch_up_policy::none, catch_up_policy::last,
                         catch_up_policy::all);
  auto x = every(100);
  x.overlap = overlap_policy::allow;
  x.catch_up = policy;
  set(x);
  kill(subject);
  all->now = all->now + 350s;
  begin();
  auto expected = policy == catch_up_policy::none   ? 0U
                  : policy == catch_up_policy::last ? 1U
                                                    : 3U;
  CHECK(all->made.size() == expected);
}

TEST_CASE_METHOD(schedule_world, "no time counts while it is paused") {
  auto x = every(10);
  x.overlap = overlap_policy::allow;
  set(x);
  change(schedule_verb::pause);
  pass(25s);
  CHECK(all->made.empty());
  CHECK(!view().next_at);
  change(schedule_verb::resume);
  pass(4s);
  CHECK(all->made.empty());
  pass(2s);
  CHECK(all->made.size() == 1);
}
