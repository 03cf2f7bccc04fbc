#include "tests/actors/run/run_world.hpp"

using namespace orc;
using namespace std::chrono_literals;

namespace {

/// What a RUN asked of others' money, and what it is answered.
struct asked {
  std::vector<charge_key> reserved;
  std::vector<charge_key> released;
  std::vector<charge_key> settled;
  std::vector<run> attached;
  std::vector<std::string> guarded;
  budget_answer answer;
};

using asked_ptr = std::shared_ptr<asked>;

budgets_actor::behavior_type budgets_mock(budgets_actor::pointer, asked_ptr x) {
  return {
    [x](const reserve_budget& y) {
      x->reserved.push_back(y.key);
      return x->answer;
    },
    [x](const release_budget& y) { x->released.push_back(y.key); },
    [x](const settle_budget& y) { x->settled.push_back(y.key); },
    [x](const attach_budget& y) { x->attached.push_back(y.run); },
    [](const account_month&) {},
    [](const set_budget&) { return budget_view{}; },
    [](get_budgets) { return budget_views{}; },
  };
}

watchdog_actor::behavior_type
watchdog_mock(watchdog_actor::pointer, asked_ptr x) {
  return {
    [x](const watch_progress& y) { x->guarded.push_back(y.id); },
    [](const unwatch_progress&) {},
  };
}

/// One run in a store, and a RUN that leads it with others' money.
struct fixture : test::run_world {
  fixture() {
    parts.budgets = system().spawn(budgets_mock, seen);
    parts.watchdog = system().spawn(watchdog_mock, seen);
    seen->answer.reserved_usd = 0.5;
  }

  ~fixture() {
    kill(leader);
    kill(parts.watchdog);
    kill(parts.budgets);
  }

  asked_ptr seen = std::make_shared<asked>();
};

} // namespace

TEST_CASE_METHOD(fixture, "money is reserved before the start") {
  seen->answer.cap_usd = 0.75;
  lead(insert());
  CHECK(seen->reserved.size() == 1);
  CHECK(script->starts.at(0).options.max_total_charge_usd == 0.75);
  CHECK(stored().view.attempts.at(0).reserved_usd == 0.5);
}

TEST_CASE_METHOD(fixture, "a run without money is not started and waits") {
  seen->answer = {};
  seen->answer.short_of = "nightly";
  seen->answer.reason = "too little";
  seen->answer.openings = 3;
  lead(insert());
  CHECK(script->starts.empty());
  REQUIRE(told_->returned.size() == 1);
  CHECK(told_->returned[0].why == ec::budget_reached);
  CHECK(told_->returned[0].budget == "nightly");
  CHECK(told_->returned[0].openings == 3);
  CHECK(stored().view.state == run_state::queued);
}

TEST_CASE_METHOD(fixture, "a run that never will have money is refused") {
  seen->answer = {};
  seen->answer.short_of = "nightly";
  seen->answer.reason = "too little";
  seen->answer.refused = true;
  lead(insert());
  CHECK(script->starts.empty());
  CHECK(stored().view.state == run_state::refused);
  CHECK(stored().view.error->type == "budget-reached");
}

TEST_CASE_METHOD(fixture, "a run that ended is settled") {
  lead(insert());
  end_with(remote_status::succeeded);
  CHECK(seen->settled.size() == 1);
  CHECK(seen->released.empty());
}

TEST_CASE_METHOD(fixture, "a resurrection that outlived a crash has its money, "
                          "and its end is settled") {
  new_run fresh;
  fresh.record.resurrect = true;
  fresh.record.view.run_id = "run-1";
  auto& attempt = fresh.record.view.attempts.emplace_back();
  attempt.run_id = "run-1";
  attempt.finished_at = timestamp{1};
  attempt.reserved_usd = 0.5;
  script->get = [](const get_remote_run&) {
    auto x = remote("run-1", remote_status::running);
    x.resurrect_count = 1;
    return x;
  };
  lead(insert(fresh));
  REQUIRE(seen->attached.size() == 1);
  CHECK(seen->attached[0].attempts.at(0).resurrections == 1);
  CHECK(seen->attached[0].attempts.at(0).reserved_usd == 0.5);
  end_with(remote_status::succeeded);
  CHECK(seen->reserved.empty());
  CHECK(seen->settled.size() == 1);
}

TEST_CASE_METHOD(fixture, "a start that was refused gives its money back") {
  fail_starts(ec::memory_refused);
  lead(insert());
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
  lead(insert());
  CHECK(stored().view.error->message
        == "too low (budget nightly leaves no more than 0.01 USD; raise it and "
           "submit the run again)");
}

TEST_CASE_METHOD(fixture, "a run with a policy for being stuck is guarded") {
  new_run fresh;
  fresh.record.stuck = stuck_policy{};
  lead(insert(fresh));
  CHECK(seen->guarded == std::vector<std::string>{"run-1"});
}

TEST_CASE_METHOD(fixture, "a stuck run is aborted once that is durable") {
  new_run fresh;
  fresh.record.stuck = stuck_policy{};
  fresh.record.stuck_resurrections = 1;
  script->abort = [](const abort_remote_run& x) {
    CHECK(x.gracefully);
    return remote("run-1", remote_status::aborting);
  };
  lead(insert(fresh));
  tell(leader, remote_run_stuck{"run-1", 600});
  CHECK(script->aborted == std::vector<std::string>{"run-1"});
  CHECK(stored().stuck_next == stuck_step::resurrect);
  CHECK(stored().view.attempts.at(0).stuck == 1);
}
