#include "actors/platform/platform.hpp"
#include "tests/support/actor_fixture.hpp"

using namespace orc;
using namespace std::chrono_literals;

namespace {

using stoppable
  = caf::typed_actor<caf::replies_to<stop_service>::with<account_stopped>>;
/// Tells the mock that what it aborts has ended.
struct runs_ended {
  static constexpr auto fields = describe("runs_ended", "All have ended.");
};

using stoppable_mock = stoppable::extend<caf::reacts_to<runs_ended>>;

using watchable
  = caf::typed_actor<caf::replies_to<load_totals>::with<run_totals>,
                     caf::replies_to<check_store>::with<store_health>>;

struct fixture : test::actor_fixture {
  /// What happened, in order.
  std::vector<std::string> log;
  run_totals totals;
  bool stops = true;
  caf::typed_response_promise<account_stopped> stopping;

  stoppable_mock orchestrator = system().spawn(
    [this](stoppable_mock::pointer self) -> stoppable_mock::behavior_type {
      return {[=, this](const stop_service& x) -> caf::result<account_stopped> {
                log.push_back(x.abort ? "stop and abort" : "stop");
                if (stops)
                  return account_stopped{};
                stopping = self->make_response_promise<account_stopped>();
                return stopping;
              },
              [this](runs_ended) { stopping.deliver(account_stopped{3}); }};
    });

  watchable store
    = system().spawn([this](watchable::pointer) -> watchable::behavior_type {
        return {[this](const load_totals&) { return totals; },
                [this](const check_store&) {
                  log.push_back("check");
                  return store_health{};
                }};
      });

  apify_storage_actor storage = system().spawn(
    [this](apify_storage_actor::pointer) -> apify_storage_actor::behavior_type {
      return {
        [](const open_record_store&) { return record_store{}; },
        [](const get_record&) { return stored_record{}; },
        [](const put_record&) { return storage_changed{}; },
        [](const delete_record&) { return storage_changed{}; },
        [](const list_records&) { return record_keys{}; },
        [](const find_dataset& x) {
          return remote_dataset{x.dataset_id, {}};
        },
        [](const open_dataset& x) {
          return remote_dataset{x.name, {}};
        },
        [](const push_items&) { return storage_changed{}; },
        [this](const set_status_message& x) {
          log.push_back((x.is_terminal ? "last: " : "status: ") + x.text);
          return storage_changed{};
        },
        [this](const reboot_remote_run& x) {
          log.push_back("reboot " + x.run_id);
          return storage_changed{};
        },
      };
    });

  platform_actor start(bool abort_runs = false) {
    auto result
      = system().spawn(platform,
                       platform_config{"run-1", abort_runs, 5'000ms, 60'000ms},
                       platform_parts{orchestrator, store, storage});
    run();
    log.clear();
    return result;
  }

  ~fixture() {
    for (auto& x : end)
      kill(x);
    kill(orchestrator);
    kill(store);
    kill(storage);
  }

  std::vector<caf::actor> end;

  platform_actor start_kept(bool abort_runs = false) {
    auto result = start(abort_runs);
    end.push_back(caf::actor_cast<caf::actor>(result));
    return result;
  }
};

using lines = std::vector<std::string>;

constexpr platform_event migrating{platform_event_kind::migrating, 5.0};
constexpr platform_event aborting{platform_event_kind::aborting, {}};

} // namespace

TEST_CASE_METHOD(
  fixture, "a migration stops starts, waits for what is durable, reboots, "
           "and only then lets go") {
  auto x = start_kept();
  auto client = ask<departure_due>(x, await_departure{});
  CHECK(client.waits());
  tell(x, migrating);
  CHECK(log == lines{"stop", "reboot run-1"});
  CHECK(client.response().why == departure::migration);
  kill(client.handle());
}

TEST_CASE_METHOD(fixture, "starts in flight have a moment to be answered") {
  auto x = start_kept();
  totals.states = {{"starting", 1}};
  tell(x, migrating);
  CHECK(log == lines{"stop"});
  advance(1s);
  CHECK(log == lines{"stop"});
  totals.states = {{"running", 1}};
  advance(100ms);
  CHECK(log == lines{"stop", "reboot run-1"});
}

TEST_CASE_METHOD(fixture, "a start that hangs does not hold up a migration") {
  auto x = start_kept();
  totals.states = {{"starting", 1}};
  tell(x, migrating);
  for (int i = 0; i < 20; ++i)
    advance(100ms);
  CHECK(log == lines{"stop", "reboot run-1"});
}

TEST_CASE_METHOD(fixture, "SIGTERM is taken for a migration") {
  auto x = start_kept();
  tell(x, termination_asked{});
  tell(x, migrating);
  CHECK(log == lines{"stop", "reboot run-1"});
}

TEST_CASE_METHOD(fixture, "an abortion leaves runs alone unless it is told to "
                          "abort them") {
  auto x = start_kept();
  tell(x, aborting);
  CHECK(log == lines{"stop"});
}

TEST_CASE_METHOD(fixture, "the kill switch aborts runs before the run leaves") {
  auto x = start_kept(true);
  stops = false;
  auto client = ask<departure_due>(x, await_departure{});
  tell(x, aborting);
  CHECK(log == lines{"stop and abort"});
  CHECK(client.waits());
  tell(orchestrator, runs_ended{});
  CHECK(client.response().why == departure::abortion);
  CHECK(client.response().aborted == 3);
  kill(client.handle());
}

TEST_CASE_METHOD(fixture, "runs that do not end in time hold up no abortion") {
  auto x = start_kept(true);
  stops = false;
  auto client = ask<departure_due>(x, await_departure{});
  tell(x, aborting);
  advance(18s);
  CHECK_FALSE(client.waits());
  kill(client.handle());
  tell(orchestrator, runs_ended{});
}

TEST_CASE_METHOD(fixture, "the status message is renewed when it changes, not "
                          "more often than every 5 s") {
  auto x = start_kept();
  totals.states = {{"running", 1}};
  advance(4s);
  CHECK(log.empty());
  advance(1s);
  advance(5s);
  CHECK(log == lines{"status: 0 of 1 runs are done; 1 running"});
}

TEST_CASE_METHOD(fixture, "nothing is said after the farewell") {
  auto x = start_kept();
  auto client = ask<farewell_said>(x, say_farewell{"All done"});
  CHECK_FALSE(client.waits());
  totals.states = {{"running", 1}};
  advance(10s);
  tell(x, migrating);
  CHECK(log == lines{"last: All done"});
  kill(client.handle());
}

TEST_CASE_METHOD(fixture, "the store is looked at when the platform asks, and "
                          "every minute") {
  auto x = start_kept();
  tell(x, platform_event{platform_event_kind::persist_state, {}});
  CHECK(log == lines{"check"});
  advance(60s);
  CHECK(log.back() == "check");
  CHECK(std::count(log.begin(), log.end(), "check") == 2);
}
