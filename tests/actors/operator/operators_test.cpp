#include "actors/operator/operators.hpp"
#include "messages/task/object_id.hpp"
#include "tests/support/actor_fixture.hpp"

#include <caf/typed_response_promise.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace orc;
using namespace orc::test;
using namespace std::chrono_literals;

namespace {

/// What TASKS, their store and the CALLER are asked, and what they say.
struct desk_facts {
  /// Tasks that wait to be handed out.
  std::size_t ready = 0;
  std::size_t handed_out = 0;
  std::optional<caf::typed_response_promise<stored_tasks>> acquire;
  /// A task is on its way to whoever asks when the wait is ended.
  bool crosses = false;
  std::vector<release_task> releases;
  std::vector<return_task> returns;
  /// What the next releases fail with.
  std::deque<ec> refusals;
  std::vector<caf::typed_response_promise<operator_answer>> calls;
  /// The store answers when it is told to.
  bool holds_saves = false;
  std::vector<caf::typed_response_promise<saved>> saves;
  std::vector<std::uint64_t> dropped;
  /// What a promise is delivered by: it is kept on its own actor.
  std::function<void()> act;
};

using facts_ptr = std::shared_ptr<desk_facts>;

stored_tasks next_task(desk_facts& x) {
  task made;
  made.id = make_object_id(id_of::task, timestamp{1}, 1, ++x.handed_out);
  made.channel = "c";
  made.assigned_at = timestamp{7};
  return {{std::move(made)}, {}};
}

void hand_out_to(desk_facts& x) {
  if (!x.acquire || x.ready == 0)
    return;
  --x.ready;
  std::exchange(x.acquire, std::nullopt)->deliver(next_task(x));
}

tasks_actor tasks_of(caf::actor_system& system, const facts_ptr& x) {
  auto handle = system.spawn([x](caf::event_based_actor* self) {
    return caf::behavior{
      [](const watch_channels&) {},
      [](const task_event&) {},
      [=](const acquire_task&) -> caf::result<stored_tasks> {
        auto promise = self->make_response_promise<stored_tasks>();
        x->acquire = promise;
        hand_out_to(*x);
        return promise;
      },
      [=](const stop_waiting&) {
        if (auto to = std::exchange(x->acquire, std::nullopt))
          to->deliver(x->crosses ? next_task(*x) : stored_tasks{});
      },
      [=](const release_task& y) -> caf::result<stored_tasks> {
        x->releases.push_back(y);
        if (x->refusals.empty())
          return stored_tasks{};
        auto why = x->refusals.front();
        x->refusals.pop_front();
        return make_error(why, "no");
      },
      [=](const return_task& y) { x->returns.push_back(y); },
      [=](caf::unit_t) { x->act(); },
    };
  });
  return caf::actor_cast<tasks_actor>(handle);
}

task_store_actor store_of(caf::actor_system& system, const facts_ptr& x) {
  auto handle = system.spawn([x](caf::event_based_actor* self) {
    return caf::behavior{
      [](const load_operators&) { return stored_operators{}; },
      [=](const save_operator&) -> caf::result<saved> {
        auto promise = self->make_response_promise<saved>();
        if (x->holds_saves)
          x->saves.push_back(promise);
        else
          promise.deliver(saved{});
        return promise;
      },
      [=](const drop_operator& y) {
        x->dropped.push_back(y.key);
        return saved{};
      },
      [=](caf::unit_t) { x->act(); },
    };
  });
  return caf::actor_cast<task_store_actor>(handle);
}

operator_caller_actor caller_of(caf::actor_system& system, const facts_ptr& x) {
  auto handle = system.spawn([x](caf::event_based_actor* self) {
    return caf::behavior{
      [=](const call_operator&) -> caf::result<operator_answer> {
        auto promise = self->make_response_promise<operator_answer>();
        x->calls.push_back(promise);
        return promise;
      },
      [=](caf::unit_t) { x->act(); },
    };
  });
  return caf::actor_cast<operator_caller_actor>(handle);
}

/// OPERATORS with one that does the tasks of a channel.
struct desk_world : actor_fixture {
  desk_world() {
    parts.tasks = tasks_of(system(), all);
    parts.store = store_of(system(), all);
    parts.caller = caller_of(system(), all);
    subject = system().spawn(operators, operators_config{}, parts);
    run();
    set_operator made;
    made.channel = "c";
    made.url = "http://localhost/";
    id = ask<task_operators>(subject, made).response().operators[0].id;
  }

  ~desk_world() {
    kill(subject);
    all->acquire.reset();
    all->calls.clear();
    all->saves.clear();
  }

  template <class Handle>
  void act(const Handle& who, std::function<void()> f) {
    all->act = std::move(f);
    tell(caf::actor_cast<caf::actor>(who), caf::unit);
  }

  void create(std::size_t count) {
    all->ready += count;
    act(parts.tasks, [this] { hand_out_to(*all); });
  }

  void answer_all(int status) {
    act(parts.caller, [this, status] {
      for (auto& x : std::exchange(all->calls, {}))
        x.deliver(operator_answer{status, R"({"output":1})", ""});
    });
  }

  client<task_operators>
  put(std::optional<std::string> url, const char* paused = "") {
    set_operator x;
    x.id = id;
    x.url = std::move(url);
    x.is_paused = json_text{paused};
    return ask<task_operators>(subject, x);
  }

  void answer_save(const caf::error& why = {}) {
    REQUIRE_FALSE(all->saves.empty());
    act(parts.store, [this, why] {
      auto first = std::move(all->saves.front());
      all->saves.erase(all->saves.begin());
      if (why)
        first.deliver(why);
      else
        first.deliver(saved{});
    });
  }

  task_operator shown() {
    return ask<task_operators>(subject, get_operators{id})
      .response()
      .operators[0];
  }

  facts_ptr all = std::make_shared<desk_facts>();
  operators_parts parts;
  operators_actor subject;
  std::string id;
};

} // namespace

// -- results ------------------------------------------------------------------

TEST_CASE("a result is kept until the store takes it") {
  desk_world it;
  it.create(1);
  it.all->refusals = {ec::store_failed, ec::store_failed};
  it.answer_all(200);
  CHECK(it.all->releases.size() == 1);
  it.advance(1s);
  CHECK(it.all->releases.size() == 2);
  it.advance(1s);
  REQUIRE(it.all->releases.size() == 3);
  CHECK(it.all->releases[2].output.view() == "1");
  CHECK(it.all->releases[2].id == it.all->releases[0].id);
  it.advance(10s);
  CHECK(it.all->releases.size() == 3);
}

TEST_CASE("a result that another one was faster with is let go") {
  desk_world it;
  it.create(1);
  it.all->refusals = {ec::store_failed, ec::not_assigned};
  it.answer_all(200);
  it.advance(10s);
  CHECK(it.all->releases.size() == 2);
}

// -- rests --------------------------------------------------------------------

TEST_CASE("calls that fail together are one reason to rest") {
  desk_world it;
  it.create(32);
  REQUIRE(it.all->calls.size() == 32);
  it.answer_all(503);
  CHECK(it.all->releases.size() == 32);
  CHECK_FALSE(it.all->acquire);
  it.advance(29s);
  CHECK_FALSE(it.all->acquire);
  it.advance(1s);
  CHECK(it.all->acquire);
  // One more, and it rests for longer.
  it.create(1);
  it.answer_all(503);
  it.advance(59s);
  CHECK_FALSE(it.all->acquire);
  it.advance(1s);
  CHECK(it.all->acquire);
}

TEST_CASE("an endpoint that rests gets no task") {
  desk_world it;
  it.create(5);
  REQUIRE(it.all->acquire);
  SECTION("it does not wait for one any more") {
    it.answer_all(0);
    it.create(1);
    CHECK(it.all->ready == 1);
  }
  SECTION("one that is on its way goes back") {
    it.all->crosses = true;
    it.answer_all(0);
    REQUIRE(it.all->returns.size() == 1);
    CHECK(it.all->returns[0].worker == "operator_" + it.id);
    CHECK(it.all->returns[0].assigned_at == timestamp{7});
  }
  CHECK(it.all->calls.empty());
}

TEST_CASE("a call that succeeds meanwhile ends a rest") {
  desk_world it;
  it.create(6);
  auto last = std::move(it.all->calls.back());
  it.all->calls.pop_back();
  it.answer_all(500);
  CHECK_FALSE(it.all->acquire);
  it.act(it.parts.caller, [&] {
    last.deliver(operator_answer{200, "{}", ""});
  });
  CHECK(it.all->acquire);
  // And failures count from the first again.
  it.create(5);
  it.answer_all(500);
  CHECK_FALSE(it.all->acquire);
}

// -- changes ------------------------------------------------------------------

TEST_CASE("a change builds on the one that is being saved") {
  desk_world it;
  it.all->holds_saves = true;
  auto first = it.put("http://localhost/2");
  auto second = it.put(std::nullopt, "true");
  it.answer_save();
  it.answer_save();
  CHECK(first.response().operators[0].url == "http://localhost/2");
  auto is = it.shown();
  CHECK(is.url == "http://localhost/2");
  CHECK(is.is_paused == true);
}

TEST_CASE("a change builds on none that was not saved") {
  desk_world it;
  it.all->holds_saves = true;
  auto first = it.put("http://localhost/2");
  auto second = it.put(std::nullopt, "true");
  it.answer_save(make_error(ec::store_failed, "full"));
  it.answer_save();
  CHECK(code_of(first.error()) == ec::store_failed);
  CHECK(it.shown().url == "http://localhost/");
  CHECK(it.shown().is_paused == true);
}

TEST_CASE("what is being removed is changed no more") {
  desk_world it;
  it.all->holds_saves = true;
  auto first = it.put("http://localhost/2");
  auto gone = it.ask<task_operators>(it.subject, remove_operator{it.id});
  auto second = it.put("http://localhost/3");
  CHECK(gone.waits());
  it.answer_save();
  CHECK(gone.response().count == 1);
  CHECK(code_of(second.error()) == ec::not_found);
  CHECK(it.all->saves.empty());
  CHECK(it.all->dropped.size() == 1);
}
