#include "actors/item_counter/item_counter.hpp"
#include "actors/settler/settler.hpp"
#include "persistence/memory/run_store.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/scripted_api.hpp"

using namespace orc;
using namespace std::chrono_literals;

namespace {

using events_ptr = std::shared_ptr<std::vector<publish_event>>;

events_actor::behavior_type events_mock(events_actor::pointer, events_ptr x) {
  return {
    [x](const publish_event& y) { x->push_back(y); },
    [](const subscribe_events&) {},
  };
}

/// A store, a platform on which each run costs 0.5 USD and left 7 items, and a
/// SETTLER between them.
struct fixture : test::actor_fixture {
  fixture() {
    script->get = [this](const get_remote_run& x) -> caf::result<remote_run> {
      if (get_fails)
        return make_error(*get_fails, "no answer");
      return remote(x.id, started[x.id]);
    };
    script->list = [this](const list_remote_runs& x) {
      remote_runs result;
      for (const auto& [id, at] : started)
        if (at >= *x.started_after && !list_is_empty)
          result.runs.push_back(remote(id, at));
      return result;
    };
    script->count = [this](const count_items& x) {
      item_counts result;
      for (const auto& [id, at] : started)
        if (x.dataset_id.empty() || x.dataset_id == "data-" + id)
          result.counts.emplace("data-" + id, 7);
      return result;
    };
    parts.store = system().spawn(memory_run_store);
    parts.api = system().spawn(test::scripted_api, script);
    parts.counter = system().spawn(item_counter, parts.api);
    parts.events = system().spawn(events_mock, events);
  }

  ~fixture() {
    kill(subject);
    kill(parts.events);
    kill(parts.counter);
    kill(parts.api);
    kill(parts.store);
  }

  static remote_run remote(const std::string& id, timestamp at) {
    remote_run result;
    result.id = id;
    result.status = remote_status::succeeded;
    result.started_at = at;
    result.usage_total_usd = 0.5;
    return result;
  }

  /// Puts runs into the store that ended so long ago, and were not counted.
  void end(int count, std::chrono::milliseconds ago = 1h) {
    for (auto i = 0; i < count; ++i) {
      auto id = "run-" + std::to_string(started.size());
      started[id] = now() - ago - 10s + std::chrono::milliseconds{i};
      new_run x;
      x.record.view.name = id;
      x.record.view.account = "default";
      x.record.view.state = run_state::finished;
      x.record.view.dataset_id = "data-" + id;
      x.record.view.finished_at = now() - ago;
      x.record.unsettled = true;
      auto& attempt = x.record.view.attempts.emplace_back();
      attempt.run_id = id;
      attempt.started_at = started[id];
      ask<inserted_runs>(parts.store, insert_runs{{x}});
    }
  }

  void begin() {
    subject
      = system().spawn(settler, settler_config{"default", 10s, true}, parts);
    run();
    advance(0s);
    // The ITEM COUNTER gathers.
    advance(200ms);
  }

  std::size_t unsettled() {
    return ask<unsettled_runs>(parts.store, load_unsettled{"default", 5000})
      .response()
      .records.size();
  }

  std::optional<ec> get_fails;
  bool list_is_empty = false;
  std::map<std::string, timestamp> started;
  test::api_script_ptr script = std::make_shared<test::api_script>();
  events_ptr events = std::make_shared<std::vector<publish_event>>();
  settler_parts parts;
  settler_actor subject;
};

} // namespace

TEST_CASE_METHOD(fixture,
                 "what a process left unsettled the next one settles") {
  end(1);
  begin();
  CHECK(unsettled() == 0);
  REQUIRE(events->size() == 1);
  CHECK(events->front().kind == event_kind::settled);
  CHECK(events->front().run.item_count == 7);
  CHECK(events->front().run.usage_total_usd == 0.5);
}

TEST_CASE_METHOD(fixture, "a list tells of a thousand runs") {
  end(1000);
  begin();
  CHECK(unsettled() == 0);
  CHECK(script->lists == 1);
  CHECK(script->gets == 0);
}

TEST_CASE_METHOD(fixture, "more than one round holds are settled at once") {
  end(1500);
  begin();
  advance(0s);
  CHECK(unsettled() == 0);
}

TEST_CASE_METHOD(fixture, "what the list does not tell is asked for alone") {
  end(10);
  list_is_empty = true;
  begin();
  CHECK(unsettled() == 0);
  CHECK(script->gets == 10);
}

TEST_CASE_METHOD(fixture,
                 "a run that ended just now is counted, its cost waits") {
  end(1, 0s);
  begin();
  REQUIRE(events->size() == 1);
  CHECK(events->front().run.item_count == 7);
  CHECK(unsettled() == 1);
}

TEST_CASE_METHOD(fixture, "while there is nothing to settle nobody is asked") {
  begin();
  advance(1h);
  CHECK(script->gets == 0);
  CHECK(script->lists == 0);
}

TEST_CASE_METHOD(fixture,
                 "a run that ends later is settled after ten seconds") {
  begin();
  end(1);
  tell(subject, settle_later{});
  advance(9s);
  CHECK(unsettled() == 1);
  advance(1s);
  CHECK(unsettled() == 0);
}

TEST_CASE_METHOD(fixture, "a platform that does not answer is asked again") {
  end(1);
  get_fails = ec::answer_lost;
  begin();
  CHECK(unsettled() == 1);
  get_fails.reset();
  advance(20s);
  CHECK(unsettled() == 0);
}

TEST_CASE_METHOD(fixture, "a run that is gone is settled as it is") {
  end(1);
  get_fails = ec::not_found;
  begin();
  CHECK(unsettled() == 0);
  CHECK(!events->front().run.usage_total_usd);
}
