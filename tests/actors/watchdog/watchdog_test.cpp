#include "actors/watchdog/watchdog.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/scripted_api.hpp"

using namespace orc;
using namespace std::chrono_literals;

namespace {

/// For how long each run was said to be stuck, in seconds.
using verdicts = std::vector<std::int64_t>;

run_actor::behavior_type
watcher(run_actor::pointer, std::shared_ptr<verdicts> told) {
  return {
    [](const remote_run_seen&) {},
    [](const remote_run_gone&) {},
    [](const remote_run_found&) {},
    [told](const remote_run_stuck& x) { told->push_back(x.for_secs); },
    [](const refuse_run&) {},
    [](const abort_run&) { return run{}; },
  };
}

item_counter_actor::behavior_type
counter(item_counter_actor::pointer, std::shared_ptr<std::uint64_t> items) {
  return {[items](const count_dataset&) { return dataset_count{*items}; }};
}

/// A WATCHDOG with one run that is patient for 40 s and does nothing.
struct fixture : test::actor_fixture {
  fixture() {
    script->get = [this](const get_remote_run&) -> caf::result<remote_run> {
      if (broken)
        return make_error(ec::answer_lost, "broken");
      return remote;
    };
    script->log = [this](const get_log_end&) -> caf::result<log_end> {
      ++logs;
      return log_end{last_line};
    };
    remote.id = "r1";
    remote.status = remote_status::running;
    api = system().spawn(test::scripted_api, script);
    counts = system().spawn(counter, items);
    run_mock = system().spawn(watcher, told);
    dog = system().spawn(watchdog, api, counts);
    tell(dog, watch_progress{"r1", "d1", 40, run_mock});
  }

  ~fixture() {
    kill(dog);
    kill(run_mock);
    kill(counts);
    kill(api);
  }

  /// Lets time pass, a second at a time.
  void pass(int secs) {
    for (; secs > 0; --secs) {
      script->server_time = *script->server_time + 1s;
      advance(1s);
    }
  }

  test::api_script_ptr script = std::make_shared<test::api_script>();
  std::shared_ptr<verdicts> told = std::make_shared<verdicts>();
  std::shared_ptr<std::uint64_t> items = std::make_shared<std::uint64_t>(3);
  remote_run remote;
  std::optional<timestamp> last_line;
  bool broken = false;
  std::size_t logs = 0;
  apify_api_actor api;
  item_counter_actor counts;
  run_actor run_mock;
  watchdog_self dog;
};

} // namespace

TEST_CASE_METHOD(fixture, "a run that does nothing is reported") {
  pass(39);
  CHECK(told->empty());
  pass(3);
  CHECK(*told == verdicts{40});
}

TEST_CASE_METHOD(fixture, "a quiet run costs four GETs and one log") {
  pass(42);
  CHECK(script->gets == 4);
  CHECK(logs == 1);
}

TEST_CASE_METHOD(fixture, "a run that writes items costs nothing of its own") {
  for (int i = 0; i < 10; ++i) {
    ++*items;
    pass(10);
  }
  CHECK(told->empty());
  CHECK(logs == 0);
  CHECK(script->gets <= 1);
}

TEST_CASE_METHOD(fixture, "a run that writes to its log is left alone") {
  for (int i = 0; i < 10; ++i) {
    last_line = *script->server_time;
    pass(10);
  }
  CHECK(told->empty());
}

TEST_CASE_METHOD(fixture, "a run is left alone while the platform is unwell") {
  broken = true;
  pass(100);
  CHECK(told->empty());
}

TEST_CASE_METHOD(fixture, "a run that is not watched any more is left alone") {
  tell(dog, unwatch_progress{"r1"});
  pass(100);
  CHECK(told->empty());
  CHECK(script->gets == 0);
}
