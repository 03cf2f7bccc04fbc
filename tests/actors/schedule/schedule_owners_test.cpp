// Schedules that a configuration has.

#include "actors/schedule/owners.hpp"
#include "tests/actors/schedule/schedule_world.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace std::chrono_literals;
using test::schedule_world;

TEST_CASE_METHOD(schedule_world,
                 "AB-25 those of a configuration are set anew at each "
                 "start, and each time counts once") {
  using names = std::vector<std::string>;
  CHECK(keep({every(10), named("t", 60)}) == names{"s", "t"});
  pass(11s);
  restart();
  CHECK(keep({every(10), named("t", 60)}) == names{"s", "t"});
  finish_all();
  pass(10s);
  CHECK(all->made.size() == 2);
  CHECK(view().made == 2);
}

TEST_CASE_METHOD(schedule_world,
                 "those that a configuration has no more are removed, "
                 "others stay") {
  set(named("mine", 10));
  keep({every(10), named("t", 60)});
  keep({named("t", 30)});
  CHECK(all->records.size() == 2);
  CHECK(all->records.at("t").is.every_secs == 30);
  CHECK(all->records.at("mine").owner.empty());
  restart();
  CHECK(keep({}).empty());
  CHECK(all->records.size() == 1);
}

TEST_CASE_METHOD(schedule_world,
                 "a configuration takes no schedule from others") {
  set(every(10));
  auto refused
    = ask<schedule_views>(subject, keep_schedules{"pools", {every(20)}});
  CHECK(code_of(refused.error()) == ec::name_conflict);
  CHECK(view().definition.every_secs == 10);
}

TEST_CASE_METHOD(schedule_world,
                 "what a configuration has nobody changes by hand, but "
                 "everybody may run it") {
  keep({every(10)});
  auto refused = [this](auto question) {
    auto answer = ask<schedule_views>(subject, std::move(question));
    return code_of(answer.error()) == ec::name_conflict
           && message_of(answer.error()).find("[[pool.schedules]]")
                != std::string::npos;
  };
  CHECK(refused(set_schedule{every(20)}));
  for (auto verb :
       {schedule_verb::pause, schedule_verb::resume, schedule_verb::remove})
    CHECK(refused(change_schedule{verb, "s"}));
  CHECK(view().definition.every_secs == 10);
  change(schedule_verb::run);
  CHECK(view().made == 1);
}

TEST_CASE_METHOD(schedule_world,
                 "what moves within a configuration stays what it is") {
  keep({every(10)});
  pass(11s);
  auto moved = ask<schedule_views>(
    subject, keep_schedules{std::string{file_owner}, {every(10)}});
  CHECK(moved.response().items.size() == 1);
  CHECK(keep({}).empty());
  CHECK(all->records.at("s").owner == file_owner);
  CHECK(view().made == 1);
  auto stranger
    = ask<schedule_views>(subject, keep_schedules{"host", {every(10)}});
  CHECK(code_of(stranger.error()) == ec::name_conflict);
}

TEST_CASE_METHOD(schedule_world,
                 "an interval counts from when it was there first, "
                 "whatever is started and changed since") {
  auto x = every(10);
  x.overlap = overlap_policy::allow;
  keep({x});
  pass(13s);
  restart();
  x.jitter_secs = 0;
  x.catch_up = catch_up_policy::all;
  keep({x});
  CHECK(view().next_at == start + 20s);
  x.every_secs = 15;
  keep({x});
  CHECK(view().next_at == start + 15s);
}
