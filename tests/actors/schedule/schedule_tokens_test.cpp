// What is asked for again, and done once.

#include "tests/actors/schedule/schedule_world.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace std::chrono_literals;
using test::schedule_world;

TEST_CASE_METHOD(schedule_world, "a schedule is made once for each token") {
  set_schedule wanted{every(10), true, {}, "t"};
  CHECK(ask<schedule_views>(subject, wanted).response().items.size() == 1);
  restart();
  CHECK(ask<schedule_views>(subject, wanted).response().items.size() == 1);
  auto other = wanted;
  other.token = "u";
  CHECK(code_of(ask<schedule_views>(subject, other).error())
        == ec::name_conflict);
  // What was removed is not made again.
  change(schedule_verb::remove);
  CHECK(ask<schedule_views>(subject, wanted).response().items.empty());
  set(every(20));
  all->now = all->now + 1s;
  CHECK(all->made.empty());
}

TEST_CASE_METHOD(schedule_world, "a schedule runs once for each token") {
  set(every(1000));
  auto run_it = [&](const char* token) {
    return ask<schedule_views>(subject,
                               change_schedule{schedule_verb::run, "s", token});
  };
  CHECK(run_it("t").response().items.at(0).made == 1);
  CHECK(run_it("t").response().items.at(0).made == 1);
  all->now = all->now + 1s;
  CHECK(run_it("u").response().items.at(0).made == 2);
  restart();
  CHECK(run_it("t").response().items.at(0).made == 2);
  CHECK(all->made.size() == 2);
}

TEST_CASE_METHOD(schedule_world,
                 "what somebody asked for waits for nothing after a "
                 "death, either") {
  set(every(1000));
  change(schedule_verb::run);
  REQUIRE(all->made.size() == 1);
  all->loses_answer = true;
  all->now = all->now + 1s;
  tell(subject, change_schedule{schedule_verb::run, "s", "t"});
  REQUIRE(all->made.size() == 2);
  all->loses_answer = false;
  // As if it had died before that was made.
  all->known.erase(all->made.back());
  all->made.pop_back();
  restart();
  CHECK(all->made.size() == 2);
  CHECK(view().made == 2);
  CHECK(view().skipped == 0);
  CHECK(all->records.at("s").by_hand.empty());
}
