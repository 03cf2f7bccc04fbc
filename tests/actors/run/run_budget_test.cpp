#include "actors/run/run.hpp"
#include "persistence/memory/run_store.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/scripted_api.hpp"

using namespace orc;
using namespace orc::literals;
using namespace std::chrono_literals;

namespace {

/// What the neighbours of a RUN were told.
struct told {
  std::vector<charge_key> reserved;
  std::vector<charge_key> released;
  std::vector<charge_key> settled;
  std::vector<run_returned> returned;
  std::vector<std::string> guarded;
  std::optional<run> finished;
  budget_answer answer;
};

using told_ptr = std::shared_ptr<told>;

budgets_actor::behavior_type budgets_mock(budgets_actor::pointer, told_ptr x) {
  return {
    [x](const reserve_budget& y) {
      x->reserved.push_back(y.key);
      return x->answer;
    },
    [x](const release_budget& y) { x->released.push_back(y.key); },
    [x](const settle_budget& y) { x->settled.push_back(y.key); },
    [](const attach_budget&) {},
    [](const account_month&) {},
    [](const set_budget&) { return budget_view{}; },
    [](get_budgets) { return budget_views{}; },
  };
}

watchdog_actor::behavior_type
watchdog_mock(watchdog_actor::pointer, told_ptr x) {
  return {
    [x](const watch_progress& y) { x->guarded.push_back(y.id); },
    [](const unwatch_progress&) {},
  };
}

account_actor::behavior_type account_mock(account_actor::pointer, told_ptr x) {
  return {
    [](const enqueue_runs&) {},
    [](const resume_runs&) {},
    [](const abort_run&) { return run{}; },
    [](const run_started&) {},
    [x](const run_returned& y) { x->returned.push_back(y); },
    [](const run_ended&) {},
    [](const budget_opened&) {},
    [](const explain_wait&) { return wait_reason{}; },
    [](get_account) { return account_view{}; },
    [](const stop_account&) { return account_stopped{}; },
  };
}

tracker_actor::behavior_type tracker_mock(tracker_actor::pointer) {
  return {[](const watch_remote_run&) {}, [](const unwatch_remote_run&) {}};
}

events_actor::behavior_type events_mock(events_actor::pointer) {
  return {[](const publish_event&) {}, [](const subscribe_events&) {}};
}

/// One run in a store, and a RUN that leads it with others' money.
struct fixture : test::actor_fixture {
  fixture() {
    script->start
      = [](const start_remote_run&) { return remote(remote_status::running); };
    parts.store = system().spawn(memory_run_store);
    parts.api = system().spawn(test::scripted_api, script);
    parts.tracker = system().spawn(tracker_mock);
    parts.account = system().spawn(account_mock, seen);
    parts.events = system().spawn(events_mock);
    parts.budgets = system().spawn(budgets_mock, seen);
    parts.watchdog = system().spawn(watchdog_mock, seen);
    seen->answer.reserved_usd = 0.5;
  }

  ~fixture() {
    for (const auto& x : {caf::actor_cast<caf::actor>(leader),
                          caf::actor_cast<caf::actor>(parts.watchdog),
                          caf::actor_cast<caf::actor>(parts.budgets),
                          caf::actor_cast<caf::actor>(parts.events),
                          caf::actor_cast<caf::actor>(parts.account),
                          caf::actor_cast<caf::actor>(parts.tracker),
                          caf::actor_cast<caf::actor>(parts.api),
                          caf::actor_cast<caf::actor>(parts.store)})
      kill(x);
  }

  static remote_run remote(remote_status status) {
    remote_run result;
    result.id = "run-1";
    result.status = status;
    result.memory = 512_MiB;
    result.usage_total_usd = 0.25;
    return result;
  }

  void lead(new_run fresh = {}) {
    fresh.record.view.name = "job";
    fresh.record.target.id = "me/shop";
    auto answer = ask<inserted_runs>(parts.store, insert_runs{{fresh}});
    run_config mine;
    mine.count_items = false;
    leader = run_actor{system().spawn(
      run_life, answer.response().runs.front().record.key, mine, parts)};
    run();
  }

  run_record stored() {
    auto ref = run_ref{"default", "job"};
    return ask<run_record>(parts.store, find_run{ref}).response();
  }

  told_ptr seen = std::make_shared<told>();
  test::api_script_ptr script = std::make_shared<test::api_script>();
  run_parts parts;
  run_actor leader;
};

} // namespace

TEST_CASE_METHOD(fixture, "money is reserved before the start") {
  seen->answer.cap_usd = 0.75;
  lead();
  CHECK(seen->reserved.size() == 1);
  CHECK(script->starts.at(0).options.max_total_charge_usd == 0.75);
  CHECK(stored().view.attempts.at(0).reserved_usd == 0.5);
}

TEST_CASE_METHOD(fixture, "a run without money is not started and waits") {
  seen->answer = {};
  seen->answer.short_of = "nightly";
  seen->answer.reason = "too little";
  lead();
  CHECK(script->starts.empty());
  REQUIRE(seen->returned.size() == 1);
  CHECK(seen->returned[0].why == ec::budget_reached);
  CHECK(seen->returned[0].budget == "nightly");
  CHECK(stored().view.state == run_state::queued);
}

TEST_CASE_METHOD(fixture, "a run that never will have money is refused") {
  seen->answer = {};
  seen->answer.short_of = "nightly";
  seen->answer.reason = "too little";
  seen->answer.refused = true;
  lead();
  CHECK(script->starts.empty());
  CHECK(stored().view.state == run_state::refused);
  CHECK(stored().view.error->type == "budget-reached");
}

TEST_CASE_METHOD(fixture, "a run that ended is settled") {
  lead();
  tell(leader, remote_run_seen{remote(remote_status::succeeded)});
  CHECK(seen->settled.size() == 1);
  CHECK(seen->released.empty());
}

TEST_CASE_METHOD(fixture, "a start that was refused gives its money back") {
  script->start = [](const start_remote_run&) -> caf::result<remote_run> {
    return make_error(ec::memory_refused, "no memory");
  };
  lead();
  CHECK(seen->released.size() == 1);
  CHECK(seen->settled.empty());
}

TEST_CASE_METHOD(fixture, "a cap that is too low names the budget that made it "
                          "so") {
  seen->answer.cap_usd = 0.01;
  seen->answer.limited_by = "nightly";
  script->start = [](const start_remote_run&) -> caf::result<remote_run> {
    return make_error(ec::api_refused, "too low",
                      "max-total-charge-usd-below-minimum");
  };
  lead();
  CHECK(stored().view.error->message
        == "too low (budget nightly leaves no more than 0.01 USD; raise it and "
           "submit the run again)");
}

TEST_CASE_METHOD(fixture, "a run with a policy for being stuck is guarded") {
  new_run fresh;
  fresh.record.stuck = stuck_policy{};
  lead(fresh);
  CHECK(seen->guarded == std::vector<std::string>{"run-1"});
}

TEST_CASE_METHOD(fixture, "a stuck run is aborted once that is durable") {
  new_run fresh;
  fresh.record.stuck = stuck_policy{};
  fresh.record.stuck_resurrections = 1;
  script->abort = [](const abort_remote_run& x) {
    CHECK(x.gracefully);
    return remote(remote_status::aborting);
  };
  lead(fresh);
  tell(leader, remote_run_stuck{"run-1", 600});
  CHECK(script->aborted == std::vector<std::string>{"run-1"});
  CHECK(stored().stuck_next == stuck_step::resurrect);
  CHECK(stored().view.attempts.at(0).stuck == 1);
}
