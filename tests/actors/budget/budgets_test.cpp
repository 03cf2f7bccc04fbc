#include "actors/budget/budgets.hpp"
#include "persistence/memory/money_store.hpp"
#include "persistence/memory/run_store.hpp"
#include "tests/support/actor_fixture.hpp"

using namespace orc;
using namespace std::chrono_literals;

namespace {

/// What neighbours were told.
struct told {
  std::vector<std::string> opened;
  std::uint64_t openings = 0;
  std::vector<std::uint64_t> aborted;
  std::vector<event_kind> events;
};

using told_ptr = std::shared_ptr<told>;

events_actor::behavior_type events_mock(events_actor::pointer, told_ptr x) {
  return {
    [x](const publish_event& y) { x->events.push_back(y.kind); },
    [](const subscribe_events&) {},
  };
}

history_actor::behavior_type history_mock(history_actor::pointer) {
  return {[](const get_target_history& x) {
    target_history result;
    result.target = x.target;
    result.priced_runs = 10;
    result.p90_usd = 0.25;
    return result;
  }};
}

account_actor::behavior_type account_mock(account_actor::pointer, told_ptr x) {
  return {
    [](const enqueue_runs&) {},
    [](const resume_runs&) {},
    [x](const abort_run& y) {
      x->aborted.push_back(y.key.value);
      return run{};
    },
    [](const run_started&) {},
    [](const run_returned&) {},
    [](const run_ended&) {},
    [x](const budget_opened& y) {
      x->opened.push_back(y.budget);
      x->openings = y.openings;
    },
    [](const explain_wait&) { return wait_reason{}; },
    [](get_account) { return account_view{}; },
    [](const stop_account&) { return account_stopped{}; },
  };
}

/// BUDGETS with one of 1 USD, and stores that outlive them.
struct fixture : test::actor_fixture {
  fixture() {
    budget.name = "all";
    budget.cap_usd = 1;
    money = system().spawn(memory_money_store);
    runs = system().spawn(memory_run_store);
    events = system().spawn(events_mock, seen);
    history = system().spawn(history_mock);
    account = system().spawn(account_mock, seen);
  }

  ~fixture() {
    for (const auto& x :
         {caf::actor_cast<caf::actor>(money), caf::actor_cast<caf::actor>(runs),
          caf::actor_cast<caf::actor>(events),
          caf::actor_cast<caf::actor>(history),
          caf::actor_cast<caf::actor>(account)})
      kill(x);
    if (us)
      kill(us);
  }

  void start() {
    us = system().spawn(budgets, budgets_config{{budget}, 30s},
                        budgets_parts{money, runs, events, history});
    run();
  }

  void restart() {
    kill(us);
    start();
  }

  budget_answer reserve(std::uint64_t key, std::optional<double> cap,
                        const orc::run& of = {}) {
    auto wanted = reserve_budget{
      {run_key{key}, 1}, of, run_target{"me/shop", false}, cap, account};
    return ask<budget_answer>(us, wanted).response();
  }

  /// Attempt 1 of a run ends.
  static orc::run ended(std::optional<double> usd) {
    orc::run x;
    x.state = run_state::finished;
    auto& attempt = x.attempts.emplace_back();
    attempt.run_id = "r1";
    attempt.finished_at = timestamp{1};
    attempt.usage_total_usd = usd;
    return x;
  }

  static run_event settled(orc::run x) {
    run_event result;
    result.kind = event_kind::settled;
    result.run = std::move(x);
    return result;
  }

  run_key insert(orc::run x) {
    new_run fresh;
    fresh.record.view = std::move(x);
    auto answer = ask<inserted_runs>(runs, insert_runs{{fresh}});
    return answer.response().runs.at(0).record.key;
  }

  std::size_t charges() {
    return ask<stored_ledger>(money, load_ledger{}).response().charges.size();
  }

  budget_view view() {
    return ask<budget_views>(us, get_budgets{}).response().items.at(0);
  }

  std::shared_ptr<told> seen = std::make_shared<told>();
  budget_settings budget;
  money_store_actor money;
  run_store_actor runs;
  events_actor events;
  history_actor history;
  account_actor account;
  budgets_self us;
};

} // namespace

TEST_CASE_METHOD(fixture, "a run without a cap reserves what others cost") {
  start();
  CHECK(reserve(1, std::nullopt).reserved_usd == 0.25);
}

TEST_CASE_METHOD(fixture, "a reservation outlives a crash") {
  start();
  new_run stored;
  stored.record.view.state = run_state::running;
  stored.record.view.attempts.emplace_back().run_id = "r1";
  auto key = ask<inserted_runs>(runs, insert_runs{{stored}})
               .response()
               .runs.at(0)
               .record.key;
  reserve(key.value, 0.6);
  restart();
  CHECK(view().reserved_usd == 0.6);
}

TEST_CASE_METHOD(fixture, "an end that nobody told of is found in the store") {
  start();
  auto key = insert(ended(0.3));
  reserve(key.value, 0.6);
  restart();
  CHECK(view().reserved_usd == 0.6);
  advance(31s);
  CHECK(view().reserved_usd == 0);
  CHECK(view().spent_usd == 0.3);
}

TEST_CASE_METHOD(fixture, "a resurrection that outlived a crash is counted, "
                          "however late it is found") {
  start();
  auto of = ended(0.3);
  auto key = insert(of);
  reserve(key.value, 0.6, of);
  restart();
  advance(31s);
  CHECK(view().reserved_usd == 0);
  of.attempts[0].resurrections = 1;
  of.attempts[0].reserved_usd = 0.3;
  tell(us, attach_budget{{key, 1}, of, account});
  CHECK(view().reserved_usd == 0.3);
  tell(us, settle_budget{{key, 1}, ended(0.5)});
  advance(31s);
  CHECK(view().spent_usd == 0.2);
}

TEST_CASE_METHOD(fixture, "what lived when a budget was made is not counted") {
  start();
  auto of = ended(std::nullopt);
  of.attempts[0].reserved_usd = 0.3;
  tell(us, attach_budget{{run_key{1}, 1}, of, account});
  CHECK(view().reserved_usd == 0);
}

TEST_CASE_METHOD(fixture, "a reservation for a start that never was is freed") {
  start();
  auto key = ask<inserted_runs>(runs, insert_runs{{new_run{}}})
               .response()
               .runs.at(0)
               .record.key;
  reserve(key.value, 0.6);
  restart();
  CHECK(view().reserved_usd == 0);
}

TEST_CASE_METHOD(fixture, "a cost that comes after a crash replaces its "
                          "estimate") {
  start();
  auto key = insert(ended(std::nullopt));
  reserve(key.value, 0.6);
  restart();
  advance(31s);
  CHECK(view().spent_usd == 0.6);
  restart();
  tell(us, settled(ended(std::nullopt)));
  CHECK(view().spent_usd == 0.6);
  tell(us, settled(ended(0.3)));
  CHECK(view().spent_usd == 0.3);
  restart();
  CHECK(view().spent_usd == 0.3);
}

TEST_CASE_METHOD(fixture, "a cost that came while nobody listened replaces its "
                          "estimate") {
  start();
  auto key = insert(ended(0.3));
  reserve(key.value, 0.6);
  tell(us, settle_budget{{key, 1}, ended(std::nullopt)});
  advance(31s);
  CHECK(view().spent_usd == 0.6);
  restart();
  CHECK(view().spent_usd == 0.3);
}

TEST_CASE_METHOD(fixture, "nothing is kept for runs that were pruned") {
  start();
  reserve(1, 0.6);
  tell(us, settle_budget{{run_key{1}, 1}, ended(std::nullopt)});
  advance(31s);
  CHECK(charges() == 1);
  restart();
  CHECK(view().spent_usd == 0.6);
  CHECK(charges() == 0);
  restart();
  CHECK(view().spent_usd == 0.6);
}

TEST_CASE_METHOD(fixture, "what was spent outlives a crash") {
  start();
  reserve(1, 0.6);
  tell(us, settle_budget{{run_key{1}, 1}, ended(0.4)});
  advance(31s);
  restart();
  CHECK(view().spent_usd == 0.4);
}

TEST_CASE_METHOD(fixture, "a settled event ends the wait for the cost") {
  start();
  reserve(1, 0.6);
  tell(us, settle_budget{{run_key{1}, 1}, ended(std::nullopt)});
  tell(us, settled(ended(0.45)));
  CHECK(view().spent_usd == 0.45);
  CHECK(view().reserved_usd == 0);
}

TEST_CASE_METHOD(fixture, "the cost of a run that waits for its resurrection "
                          "is settled") {
  start();
  reserve(1, std::nullopt);
  tell(us, settle_budget{{run_key{1}, 1}, ended(0.2)});
  reserve(2, 0.75);
  CHECK(reserve(1, std::nullopt, ended(0.2)).short_of == "all");
  tell(us, settled(ended(0.22)));
  CHECK(view().spent_usd == 0.22);
}

TEST_CASE_METHOD(fixture, "who waits is told when a cap is raised") {
  start();
  CHECK(reserve(1, 2).short_of == "all");
  CHECK(seen->opened.empty());
  set_budget change;
  change.name = "all";
  change.cap_usd = 3;
  CHECK(ask<budget_view>(us, change).response().cap_usd == 3);
  CHECK(seen->opened == std::vector<std::string>{"all"});
}

TEST_CASE_METHOD(fixture,
                 "a denial tells whether it is older than an opening") {
  start();
  auto before = reserve(1, 4);
  set_budget change;
  change.name = "all";
  change.cap_usd = 5;
  ask<budget_view>(us, change);
  auto after = reserve(2, 6);
  CHECK(before.openings < seen->openings);
  CHECK(after.openings == seen->openings);
}

TEST_CASE_METHOD(fixture, "a cap that was raised outlives a crash") {
  start();
  set_budget change;
  change.name = "all";
  change.cap_usd = 3;
  ask<budget_view>(us, change);
  restart();
  CHECK(view().cap_usd == 3);
}

TEST_CASE_METHOD(fixture, "a configuration that changed has the last word") {
  start();
  set_budget change;
  change.name = "all";
  change.cap_usd = 3;
  ask<budget_view>(us, change);
  budget.cap_usd = 2;
  restart();
  CHECK(view().cap_usd == 2);
}

TEST_CASE_METHOD(fixture, "a new budget needs a cap") {
  start();
  set_budget change;
  change.name = "new";
  CHECK(code_of(ask<budget_view>(us, change).error()) == ec::bad_field);
}

TEST_CASE_METHOD(fixture, "a first run that does not fit is an event") {
  start();
  reserve(1, 2);
  reserve(2, 2);
  CHECK(seen->events == std::vector<event_kind>{event_kind::budget_reached});
}

TEST_CASE_METHOD(fixture, "spending most of the money is an event") {
  start();
  reserve(1, 0.9);
  tell(us, settle_budget{{run_key{1}, 1}, ended(0.9)});
  tell(us, settled(ended(0.9)));
  CHECK(seen->events == std::vector<event_kind>{event_kind::budget_warned});
}

TEST_CASE_METHOD(fixture, "a cost that nobody told of warns of a run, too") {
  start();
  auto key = insert(ended(0.9));
  reserve(key.value, 0.9);
  restart();
  CHECK(seen->events.empty());
  advance(31s);
  CHECK(seen->events == std::vector<event_kind>{event_kind::budget_warned});
}

TEST_CASE_METHOD(fixture, "an aborting budget aborts what lives when spent") {
  budget.on_reached = budget_action::abort;
  start();
  reserve(1, 0.5);
  reserve(2, 0.5);
  tell(us, settle_budget{{run_key{1}, 1}, ended(std::nullopt)});
  tell(us, settled(ended(1.2)));
  CHECK(seen->aborted == std::vector<std::uint64_t>{2});
}

TEST_CASE_METHOD(fixture,
                 "an account's month that is used up holds runs back") {
  start();
  orc::run of;
  of.account = "main";
  tell(us, account_month{"main", 10, 10, account});
  auto answer = reserve(1, std::nullopt, of);
  CHECK(answer.short_of == "month of account main");
  tell(us, account_month{"main", 20, 10, account});
  CHECK(answer.openings < seen->openings);
  CHECK(seen->opened == std::vector<std::string>{"month of account main"});
  CHECK(reserve(1, std::nullopt, of).short_of.empty());
}
