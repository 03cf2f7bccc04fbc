#include "actors/task_runner/task_runner.hpp"
#include "tests/support/actor_fixture.hpp"

#include <caf/typed_response_promise.hpp>
#include <catch2/catch.hpp>

#include <chrono>
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

/// What TASKS and the ORCHESTRATOR are asked.
struct asked {
  std::vector<release_task> releases;
  std::vector<std::string> beats;
  std::vector<std::string> stops;
  std::vector<run_request> runs;
  /// Tasks that wait to be handed out.
  std::vector<task> tasks;
  std::optional<caf::typed_response_promise<stored_tasks>> acquire;
  std::vector<caf::typed_response_promise<run>> waits;
  bool is_stopping = false;
  /// What a promise is delivered by: it is kept on its own actor.
  std::function<void()> act;
};

using asked_ptr = std::shared_ptr<asked>;

constexpr auto channel = "apify:me/actor";

/// Hands the next task out, if there is one and somebody asks for it.
void hand_out(asked& x) {
  if (!x.acquire || x.tasks.empty())
    return;
  auto first = std::move(x.tasks.front());
  x.tasks.erase(x.tasks.begin());
  auto to = std::exchange(x.acquire, std::nullopt);
  to->deliver(stored_tasks{{std::move(first)}, {}});
}

tasks_actor fake_tasks(caf::actor_system& system, const asked_ptr& x) {
  auto handle = system.spawn([x](caf::event_based_actor* self) {
    return caf::behavior{
      [=](const watch_channels&) {},
      [=](const acquire_task&) -> caf::result<stored_tasks> {
        auto promise = self->make_response_promise<stored_tasks>();
        x->acquire = promise;
        hand_out(*x);
        return promise;
      },
      [=](const stop_waiting& y) {
        x->stops.push_back(y.channel);
        if (auto to = std::exchange(x->acquire, std::nullopt))
          to->deliver(stored_tasks{});
      },
      [=](const release_task& y) {
        x->releases.push_back(y);
        return stored_tasks{};
      },
      [=](const extend_lease& y) {
        x->beats.push_back(y.id);
        return stored_tasks{};
      },
      [=](caf::unit_t) { x->act(); },
    };
  });
  return caf::actor_cast<tasks_actor>(handle);
}

orchestrator_actor
fake_orchestrator(caf::actor_system& system, const asked_ptr& x) {
  auto handle = system.spawn([x](caf::event_based_actor* self) {
    return caf::behavior{
      [=](const submit_runs& y) -> caf::result<submitted_runs> {
        if (x->is_stopping)
          return make_error(ec::stopping, "the service is stopping");
        x->runs.push_back(y.runs.front());
        submitted_runs result;
        run made;
        made.name = y.runs.front().name;
        result.runs.push_back({made, false});
        return result;
      },
      [=](const wait_run&) -> caf::result<run> {
        auto promise = self->make_response_promise<run>();
        x->waits.push_back(promise);
        return promise;
      },
      [=](caf::unit_t) { x->act(); },
    };
  });
  return caf::actor_cast<orchestrator_actor>(handle);
}

struct world : actor_fixture {
  world() {
    parts.tasks = fake_tasks(system(), all);
    parts.orchestrator = fake_orchestrator(system(), all);
    parts.resets = caf::actor_cast<task_resets_actor>(
      system().spawn([]() -> caf::behavior {
        return {[](const get_task_resets&) { return task_resets{}; }};
      }));
    subject = system().spawn(task_runner, parts, 30s);
    run();
  }

  // Beats to come keep it alive.
  ~world() {
    kill(subject);
    all->acquire.reset();
    all->waits.clear();
  }

  template <class Handle>
  void act(const Handle& who, std::function<void()> f) {
    all->act = std::move(f);
    tell(caf::actor_cast<caf::actor>(who), caf::unit);
  }

  template <class Answer>
  void end_wait(Answer x) {
    act(parts.orchestrator, [this, x = std::move(x)]() mutable {
      all->waits.front().deliver(std::move(x));
    });
  }

  /// Makes tasks and tells of their channel.
  void create(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      task x;
      x.id = std::string(23, '0') + static_cast<char>('1' + i);
      x.channel = channel;
      all->tasks.push_back(std::move(x));
    }
    act(parts.tasks, [this] { hand_out(*all); });
    tell(subject, channel_seen{channel});
  }

  asked_ptr all = std::make_shared<asked>();
  task_runner_parts parts;
  task_runner_actor subject;
};

} // namespace

TEST_CASE("a task is done by a run, and released when that ends") {
  world it;
  it.create(2);
  REQUIRE(it.all->runs.size() == 2);
  CHECK(it.all->runs[0].actor == "me/actor");
  run done;
  done.name = it.all->runs[0].name;
  done.state = run_state::finished;
  done.status = remote_status::succeeded;
  it.end_wait(done);
  REQUIRE(it.all->releases.size() == 1);
  CHECK(it.all->releases[0].error.empty());
  CHECK_FALSE(it.all->releases[0].output.empty());
}

TEST_CASE("an orchestrator that stops fails no task whose run goes on") {
  world it;
  it.create(1);
  REQUIRE(it.all->waits.size() == 1);
  it.all->is_stopping = true;
  it.end_wait(make_error(ec::stopping, "stopping"));
  CHECK(it.all->releases.empty());
  // Its lease ends, and whoever comes next joins the run.
  it.advance(60s);
  CHECK(it.all->beats.empty());
  CHECK(it.all->stops == std::vector<std::string>{channel});
  it.create(1);
  CHECK(it.all->tasks.size() == 1);
}

TEST_CASE("without an orchestrator, tasks that wait keep their attempts") {
  world it;
  SECTION("it stops") {
    it.all->is_stopping = true;
  }
  SECTION("it died") {
    it.kill(it.parts.orchestrator);
  }
  it.create(9);
  CHECK(it.all->releases.empty());
  // Some were on their way when the first was refused.
  CHECK(it.all->tasks.size() >= 5);
  CHECK_FALSE(it.all->acquire);
}

TEST_CASE("a run that is refused fails the task") {
  world it;
  task bad;
  bad.id = std::string(24, '1');
  bad.channel = channel;
  bad.input = json_text{R"({"$run":{"name":"x"}})"};
  it.all->tasks.push_back(bad);
  it.create(0);
  REQUIRE(it.all->releases.size() == 1);
  CHECK_FALSE(it.all->releases[0].error.empty());
}
