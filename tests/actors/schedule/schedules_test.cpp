// What is set, changed, removed and told.

#include "tests/actors/schedule/schedule_world.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace std::chrono_literals;
using test::schedule_world;

TEST_CASE_METHOD(schedule_world,
                 "schedules of runs wait where nobody starts any") {
  auto x = every(10);
  x.group = {};
  x.run = json_text{R"({"actor":"a/b"})"};
  set(x);
  pass(25s);
  CHECK(view().fires.empty());
  auto by_hand
    = ask<schedule_views>(subject, change_schedule{schedule_verb::run, "s"});
  CHECK(code_of(by_hand.error()) == ec::bad_field);
}

TEST_CASE_METHOD(schedule_world,
                 "it makes at once what it makes when asked to") {
  set(every(1000));
  change(schedule_verb::pause);
  auto first
    = ask<schedule_views>(subject, change_schedule{schedule_verb::run, "s"});
  CHECK(first.response().items.front().fires.size() == 1);
  // Whatever goes on, and each time anew.
  change(schedule_verb::run);
  CHECK(all->made.size() == 2);
}

TEST_CASE_METHOD(schedule_world, "what cannot be made is told") {
  set(every(10));
  all->refuses = true;
  pass(11s);
  CHECK(view().failed == 1);
  CHECK(view().fires.front().error == "no such group");
  all->refuses = false;
  pass(10s);
  CHECK(view().made == 1);
}

TEST_CASE_METHOD(schedule_world,
                 "a schedule that is removed makes nothing any more") {
  set(every(10));
  CHECK(
    ask<schedule_views>(subject, change_schedule{schedule_verb::remove, "s"})
      .response()
      .items.empty());
  pass(15s);
  CHECK(all->made.empty());
  CHECK(all->records.empty());
}

TEST_CASE_METHOD(schedule_world, "a schedule that makes no sense is refused") {
  auto refuses = [this](const schedule_definition& x) {
    auto answer = ask<schedule_views>(subject, set_schedule{x});
    return !answer.waits() && code_of(answer.error()) == ec::bad_field;
  };
  auto x = every(10);
  x.name = "a/b";
  CHECK(refuses(x));
  x = every(10);
  x.task = x.group;
  CHECK(refuses(x));
  x = every(10);
  x.group = json_text{R"({"tasks":[]})"};
  CHECK(refuses(x));
  x = every(10);
  x.group = {};
  x.run = json_text{R"({"actor":"a/b","token":"t"})"};
  CHECK(refuses(x));
}

TEST_CASE_METHOD(schedule_world,
                 "what comes while a schedule is removed does not bring it "
                 "back") {
  set(every(10));
  caf::anon_send(subject, change_schedule{schedule_verb::remove, "s"});
  caf::anon_send(subject, set_schedule{every(20)});
  caf::anon_send(subject, change_schedule{schedule_verb::run, "s"});
  run();
  CHECK(all->records.empty());
  CHECK(all->made.empty());
  restart();
  pass(30s);
  CHECK(all->made.empty());
}

TEST_CASE_METHOD(schedule_world, "what the store refused is not in force") {
  set(every(10));
  all->is_full = true;
  auto refused = [this](auto x) {
    auto answer = ask<schedule_views>(subject, std::move(x));
    return code_of(answer.error()) == ec::store_failed;
  };
  CHECK(refused(set_schedule{every(1000)}));
  CHECK(refused(change_schedule{schedule_verb::pause, "s"}));
  CHECK(refused(change_schedule{schedule_verb::remove, "s"}));
  CHECK(refused(set_schedule{named("other", 10)}));
  all->is_full = false;
  CHECK(view().definition.every_secs == 10);
  CHECK_FALSE(view().is_paused);
  pass(11s);
  CHECK(view().made == 1);
  CHECK(all->records.at("s").is.every_secs == 10);
  CHECK(all->records.size() == 1);
}

TEST_CASE_METHOD(schedule_world, "one tick is planned for all schedules") {
  for (auto secs : {29, 24, 19, 14, 9}) {
    set(named(std::to_string(secs), static_cast<std::uint64_t>(secs)));
    ask<schedule_views>(subject, change_schedule{schedule_verb::pause,
                                                 std::to_string(secs)});
  }
  set(every(1000));
  pass(100s);
  CHECK(planned() == 1);
}
