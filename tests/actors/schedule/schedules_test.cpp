// SCHEDULES with a store and with TASKS that are told what to say, and a clock
// that the test moves.

#include "actors/schedule/owners.hpp"
#include "actors/schedule/schedules.hpp"
#include "tests/support/actor_fixture.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <memory>
#include <set>

using namespace orc;
using namespace std::chrono_literals;

namespace {

constexpr auto start = timestamp{1'800'000'000'000};

/// What lives on when SCHEDULES dies.
struct world {
  timestamp now = start;
  std::map<std::string, schedule_record> records;
  /// Tokens, in the order in which something was made under them.
  std::vector<std::string> made;
  std::set<std::string> known;
  std::map<std::string, found_token> noted;
  /// Tasks that are not done.
  std::set<std::string> open;
  std::vector<std::string> removed;
  /// TASKS dies after it has made something, before it says so.
  bool loses_answer = false;
  bool refuses = false;
};

using world_ptr = std::shared_ptr<world>;

task_store_actor fake_store(caf::actor_system& system, const world_ptr& x) {
  auto handle = system.spawn([x]() -> caf::behavior {
    return {
      [x](const save_schedule& y) {
        x->records[y.is.is.name] = y.is;
        if (!y.token.empty())
          x->noted[y.token] = {y.number, y.at};
        return saved{};
      },
      [x](const drop_schedule& y) {
        x->records.erase(y.name);
        return saved{};
      },
      [x](const load_schedules&) {
        stored_schedules result;
        for (const auto& [name, record] : x->records)
          result.items.push_back(record);
        return result;
      },
      [x](const find_token& y) {
        auto known = x->noted.find(y.token);
        return known != x->noted.end() ? known->second : found_token{};
      },
      [x](const find_made& y) -> caf::result<created_tasks> {
        if (!x->known.contains(y.token))
          return make_error(ec::not_found, "");
        return created_tasks{y.token, {}};
      },
      [x](const find_tasks& y) -> caf::result<stored_tasks> {
        task found;
        found.is_complete = !x->open.contains(y.id + y.group_id);
        return stored_tasks{{found}, {}};
      },
    };
  });
  return caf::actor_cast<task_store_actor>(handle);
}

tasks_actor fake_tasks(caf::actor_system& system, const world_ptr& x) {
  auto handle = system.spawn([x](caf::event_based_actor* self) {
    return caf::behavior{
      [=](const create_tasks& y) -> caf::result<created_tasks> {
        if (x->refuses)
          return make_error(ec::not_found, "no such group");
        if (x->known.insert(y.token).second) {
          x->made.push_back(y.token);
          x->open.insert(y.token);
        }
        if (x->loses_answer)
          return self->make_response_promise<created_tasks>();
        created_tasks result;
        result.group_id = y.token;
        return result;
      },
      [=](const change_task_group& y) {
        x->removed.push_back(y.id);
        x->open.erase(y.id);
        return task_groups{};
      },
    };
  });
  return caf::actor_cast<tasks_actor>(handle);
}

struct fixture : test::actor_fixture {
  fixture() {
    begin();
  }

  // Ticks to come keep it alive.
  ~fixture() {
    kill(subject);
  }

  void begin() {
    schedules_parts parts;
    parts.store = fake_store(system(), all);
    parts.tasks = fake_tasks(system(), all);
    subject = system().spawn(
      schedules, schedules_config{[w = all] { return w->now; }}, parts);
    run();
  }

  /// As `kill -9` does.
  void restart() {
    kill(subject);
    begin();
  }

  /// Lets time pass in small steps, so that what is due is done in between.
  void pass(std::chrono::milliseconds span) {
    for (auto end = all->now + span; all->now < end;) {
      auto step = std::min<std::chrono::milliseconds>(500ms, end - all->now);
      all->now = all->now + step;
      advance(step);
    }
  }

  static schedule_definition every(std::uint64_t secs) {
    schedule_definition x;
    x.name = "s";
    x.every_secs = secs;
    x.group = json_text{R"({"tasks":[{"channel":"c"}]})"};
    return x;
  }

  void set(schedule_definition x) {
    auto done = ask<schedule_views>(subject, set_schedule{std::move(x)});
    REQUIRE(done.response().items.size() == 1);
  }

  /// What a configuration says.
  std::vector<std::string> keep(std::vector<schedule_definition> xs) {
    auto kept
      = ask<schedule_views>(subject, keep_schedules{"pools", std::move(xs)});
    std::vector<std::string> result;
    for (const auto& x : kept.response().items)
      result.push_back(x.name);
    return result;
  }

  static schedule_definition named(std::string name, std::uint64_t secs) {
    auto x = every(secs);
    x.name = std::move(name);
    return x;
  }

  schedule_view view() {
    return ask<schedule_views>(subject, get_schedules{"s"})
      .response()
      .items.front();
  }

  void change(schedule_verb verb) {
    ask<schedule_views>(subject, change_schedule{verb, "s"}).response();
  }

  void finish_all() {
    all->open.clear();
  }

  world_ptr all = std::make_shared<world>();
  schedules_actor subject;
};

} // namespace

TEST_CASE_METHOD(fixture, "a schedule makes something once for each time") {
  auto x = every(10);
  x.overlap = overlap_policy::allow;
  set(x);
  pass(35s);
  CHECK(all->made.size() == 3);
  CHECK(view().made == 3);
  CHECK(view().next_at == start + 40s);
}

TEST_CASE_METHOD(fixture, "a time is skipped while the last is not done") {
  set(every(10));
  pass(25s);
  CHECK(all->made.size() == 1);
  CHECK(view().skipped == 1);
  finish_all();
  pass(10s);
  CHECK(all->made.size() == 2);
}

TEST_CASE_METHOD(fixture, "one time waits until the last is done") {
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

TEST_CASE_METHOD(fixture, "a time that waits survives a restart") {
  auto x = every(10);
  x.overlap = overlap_policy::queue;
  set(x);
  pass(25s);
  restart();
  finish_all();
  pass(1s);
  CHECK(all->made.size() == 2);
}

TEST_CASE_METHOD(fixture, "what was made last is aborted first") {
  auto x = every(10);
  x.overlap = overlap_policy::abort;
  set(x);
  pass(25s);
  CHECK(all->made.size() == 2);
  CHECK(all->removed == std::vector{all->made.front()});
}

TEST_CASE_METHOD(fixture, "AB-25 those of a configuration are set anew at each "
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

TEST_CASE_METHOD(fixture, "those that a configuration has no more are removed, "
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

TEST_CASE_METHOD(fixture, "a configuration takes no schedule from others") {
  set(every(10));
  auto refused
    = ask<schedule_views>(subject, keep_schedules{"pools", {every(20)}});
  CHECK(code_of(refused.error()) == ec::name_conflict);
  CHECK(view().definition.every_secs == 10);
}

TEST_CASE_METHOD(fixture,
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

TEST_CASE_METHOD(fixture,
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

TEST_CASE_METHOD(fixture, "an interval counts from when it was there first, "
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

TEST_CASE_METHOD(fixture, "schedules of runs wait where nobody starts any") {
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

TEST_CASE_METHOD(fixture, "what was made before a death is not made again") {
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

TEST_CASE_METHOD(fixture, "a time that came during a restart counts") {
  auto x = every(10);
  x.overlap = overlap_policy::allow;
  x.catch_up = catch_up_policy::none;
  set(x);
  kill(subject);
  all->now = all->now + 12s;
  begin();
  CHECK(all->made.size() == 1);
}

TEST_CASE_METHOD(fixture, "missed times count as the policy says") {
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

TEST_CASE_METHOD(fixture, "no time counts while it is paused") {
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

TEST_CASE_METHOD(fixture, "it makes at once what it makes when asked to") {
  set(every(1000));
  change(schedule_verb::pause);
  auto first
    = ask<schedule_views>(subject, change_schedule{schedule_verb::run, "s"});
  CHECK(first.response().items.front().fires.size() == 1);
  // Whatever goes on, and each time anew.
  change(schedule_verb::run);
  CHECK(all->made.size() == 2);
}

TEST_CASE_METHOD(fixture, "what cannot be made is told") {
  set(every(10));
  all->refuses = true;
  pass(11s);
  CHECK(view().failed == 1);
  CHECK(view().fires.front().error == "no such group");
  all->refuses = false;
  pass(10s);
  CHECK(view().made == 1);
}

TEST_CASE_METHOD(fixture, "a schedule that is removed makes nothing any more") {
  set(every(10));
  CHECK(
    ask<schedule_views>(subject, change_schedule{schedule_verb::remove, "s"})
      .response()
      .items.empty());
  pass(15s);
  CHECK(all->made.empty());
  CHECK(all->records.empty());
}

TEST_CASE_METHOD(fixture, "a schedule that makes no sense is refused") {
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

TEST_CASE_METHOD(fixture, "a schedule is made once for each token") {
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

TEST_CASE_METHOD(fixture, "a schedule runs once for each token") {
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

TEST_CASE_METHOD(fixture, "what somebody asked for waits for nothing after a "
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
