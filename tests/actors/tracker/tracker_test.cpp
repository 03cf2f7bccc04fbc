#include "actors/tracker/tracker.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/scripted_api.hpp"

#include <map>
#include <set>

using namespace orc;
using namespace std::chrono_literals;

namespace {

constexpr auto noon = timestamp{1'700'000'000'000};

/// What the watchers of a test were told.
struct told {
  std::map<std::string, remote_status> seen;
  std::map<std::string, std::vector<remote_status>> lives;
  std::set<std::string> gone;
};

run_actor::behavior_type
watcher(run_actor::pointer, std::shared_ptr<told> told) {
  return {
    [told](const remote_run_seen& x) {
      if (is_terminal(x.run.status))
        told->seen[x.run.id] = x.run.status;
      else
        told->lives[x.run.id].push_back(x.run.status);
    },
    [told](const remote_run_gone& x) { told->gone.insert(x.id); },
    [](const remote_run_found&) {},
    [](const remote_run_stuck&) {},
    [](const refuse_run&) {},
    [](const abort_run&) { return run{}; },
  };
}

/// A TRACKER that polls up to two runs, and a platform of named runs.
struct fixture : test::actor_fixture {
  fixture() {
    policy.poll_limit = 2;
    policy.lost_after = 0ms;
    script->get = [this](const get_remote_run& x) -> caf::result<remote_run> {
      waits.push_back(x.wait_secs);
      if (platform.contains(x.id))
        return platform.at(x.id);
      return make_error(ec::not_found, "no such run");
    };
    script->list = [this](const list_remote_runs&) {
      remote_runs page;
      for (const auto& [id, run] : platform)
        if (!is_terminal(run.status))
          page.runs.push_back(run);
      return page;
    };
    api = system().spawn(test::scripted_api, script);
    tracker = system().spawn(orc::tracker, api, policy);
    watching = system().spawn(watcher, told_);
  }

  ~fixture() {
    kill(tracker);
    kill(api);
    kill(watching);
  }

  void set(const std::string& id, remote_status status) {
    platform[id].id = id;
    platform[id].started_at = noon;
    platform[id].status = status;
  }

  void watch(const std::string& id) {
    set(id, remote_status::running);
    tell(tracker, watch_remote_run{id, noon, watching});
  }

  tracking_policy policy;
  std::map<std::string, remote_run> platform;
  std::vector<std::uint32_t> waits;
  test::api_script_ptr script = std::make_shared<test::api_script>();
  std::shared_ptr<told> told_ = std::make_shared<told>();
  apify_api_actor api;
  tracker_actor tracker;
  run_actor watching;
};

} // namespace

TEST_CASE_METHOD(fixture, "few runs are followed by long polls") {
  watch("a");
  CHECK(waits == std::vector<std::uint32_t>{60});
  CHECK(told_->seen.empty());
  set("a", remote_status::succeeded);
  advance(5s);
  CHECK(told_->seen["a"] == remote_status::succeeded);
  CHECK(script->lists == 0);
}

TEST_CASE_METHOD(fixture, "a run that ended is not asked about again") {
  watch("a");
  set("a", remote_status::failed);
  advance(5s);
  auto before = script->gets;
  advance(600s);
  CHECK(script->gets == before);
}

TEST_CASE_METHOD(fixture, "a platform that does not wait is not asked in a "
                          "tight loop") {
  watch("a");
  for (int i = 0; i < 100; ++i)
    advance(100ms);
  CHECK(script->gets < 20);
}

TEST_CASE_METHOD(fixture, "many runs are followed by sweeps of the list") {
  for (const auto* id : {"a", "b", "c", "d"})
    watch(id);
  auto polls = script->gets;
  advance(1s);
  CHECK(script->lists == 1);
  set("d", remote_status::succeeded);
  advance(1s);
  CHECK(script->lists == 2);
  CHECK(told_->seen["d"] == remote_status::succeeded);
  CHECK(script->gets <= polls + 3);
}

TEST_CASE_METHOD(fixture, "a run that lives is told of by what is asked "
                          "anyway") {
  watch("a");
  CHECK(told_->lives["a"].back() == remote_status::running);
  for (const auto* id : {"b", "c"})
    watch(id);
  advance(1s);
  auto known = told_->lives["c"].size();
  auto gets = script->gets;
  advance(1s);
  CHECK(told_->lives["c"].size() == known);
  set("c", remote_status::aborting);
  advance(1s);
  CHECK(told_->lives["c"].back() == remote_status::aborting);
  CHECK(script->lists == 3);
  CHECK(script->gets == gets);
}

TEST_CASE_METHOD(fixture, "polls that are refused come ever more seldom") {
  auto works = script->get;
  auto asked = 0;
  script->get = [&](const get_remote_run&) -> caf::result<remote_run> {
    ++asked;
    return make_error(ec::unauthorized, "who are you?");
  };
  watch("a");
  for (int i = 0; i < 300; ++i)
    advance(1s);
  CHECK(asked > 10);
  CHECK(asked < 20);
  script->get = works;
  set("a", remote_status::succeeded);
  for (int i = 0; i < 30; ++i)
    advance(1s);
  CHECK(told_->seen["a"] == remote_status::succeeded);
}

TEST_CASE_METHOD(fixture, "sweeps that are refused come ever more seldom") {
  script->list = [](const list_remote_runs&) -> caf::result<remote_runs> {
    return make_error(ec::unauthorized, "who are you?");
  };
  for (const auto* id : {"a", "b", "c"})
    watch(id);
  for (int i = 0; i < 300; ++i)
    advance(1s);
  CHECK(script->lists > 10);
  CHECK(script->lists < 20);
}

TEST_CASE_METHOD(fixture, "the few that are left do not wait for a sweep") {
  for (const auto* id : {"a", "b", "c"})
    watch(id);
  waits.clear();
  set("c", remote_status::succeeded);
  tell(tracker, unwatch_remote_run{"a"});
  CHECK(told_->seen["c"] == remote_status::succeeded);
  CHECK(waits == std::vector<std::uint32_t>{60});
  CHECK(script->lists == 0);
}

TEST_CASE_METHOD(fixture, "absence from the list is no proof of an end") {
  for (const auto* id : {"a", "b", "c", "d"})
    watch(id);
  script->list = [](const list_remote_runs&) { return remote_runs{}; };
  advance(1s);
  advance(1s);
  CHECK(told_->seen.empty());
  CHECK(told_->gone.empty());
}

TEST_CASE_METHOD(fixture, "a run that the platform does not know is gone") {
  watch("a");
  platform.clear();
  for (int i = 0; i < 5; ++i)
    advance(1s);
  CHECK(told_->gone.contains("a"));
}

TEST_CASE_METHOD(fixture,
                 "a run that the platform does not know for a moment is "
                 "not gone, whatever the clock on the wall does") {
  kill(tracker);
  policy.lost_after = 30s;
  tracker = system().spawn(orc::tracker, api, policy);
  watch("a");
  platform.clear();
  for (auto i = 0; i < 29; ++i)
    advance(1s);
  CHECK(told_->gone.empty());
  for (auto i = 0; i < 5; ++i)
    advance(1s);
  CHECK(told_->gone.contains("a"));
}

TEST_CASE_METHOD(fixture, "a failing list is asked for again") {
  for (const auto* id : {"a", "b", "c"})
    watch(id);
  auto works = script->list;
  script->list = [](const list_remote_runs&) -> caf::result<remote_runs> {
    return make_error(ec::api_refused, "no list today");
  };
  advance(1s);
  script->list = works;
  set("a", remote_status::succeeded);
  advance(1s);
  advance(1s);
  CHECK(told_->seen["a"] == remote_status::succeeded);
}

TEST_CASE_METHOD(fixture, "a run that is taken back is not asked about") {
  watch("a");
  tell(tracker, unwatch_remote_run{"a"});
  set("a", remote_status::succeeded);
  advance(60s);
  CHECK(told_->seen.empty());
}
