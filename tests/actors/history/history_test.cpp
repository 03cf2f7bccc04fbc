#include "actors/event/events.hpp"
#include "actors/history/history.hpp"
#include "persistence/memory/money_store.hpp"
#include "tests/support/actor_fixture.hpp"

using namespace orc;
using namespace std::chrono_literals;

namespace {

/// A HISTORY that keeps samples at once, and a store that outlives it.
struct fixture : test::actor_fixture {
  fixture() {
    store = system().spawn(memory_money_store);
    bus = system().spawn(events);
    start();
  }

  ~fixture() {
    kill(us);
    kill(bus);
    kill(store);
  }

  void start() {
    us = system().spawn(history, store, bus, 0ms);
    run();
  }

  /// A run of 30 s ends.
  void end(event_kind kind, std::optional<double> usd) {
    orc::run x;
    x.actor = "me/shop";
    x.state = run_state::finished;
    auto& attempt = x.attempts.emplace_back();
    attempt.run_id = "r1";
    attempt.started_at = timestamp{1'000};
    attempt.finished_at = timestamp{31'000};
    attempt.usage_total_usd = usd;
    tell(bus, publish_event{kind, x});
  }

  target_history of_shop() {
    return ask<target_history>(us, get_target_history{{"me/shop", false}})
      .response();
  }

  money_store_actor store;
  events_actor bus;
  history_self us;
};

} // namespace

TEST_CASE_METHOD(fixture, "a run that ended is remembered") {
  end(event_kind::ended, 0.5);
  advance(1s);
  CHECK(of_shop().runs == 1);
  CHECK(of_shop().mean_secs == Approx(30));
  CHECK(of_shop().mean_usd == Approx(0.5));
}

TEST_CASE_METHOD(fixture, "a final cost replaces the first one") {
  end(event_kind::ended, 0.1);
  end(event_kind::settled, 0.5);
  advance(1s);
  CHECK(of_shop().runs == 1);
  CHECK(of_shop().mean_usd == Approx(0.5));
}

TEST_CASE_METHOD(fixture, "what is remembered outlives a restart") {
  end(event_kind::ended, 0.5);
  advance(1s);
  kill(us);
  start();
  CHECK(of_shop().runs == 1);
}
