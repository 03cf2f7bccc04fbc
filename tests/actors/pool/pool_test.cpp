// POOL beside a work queue and a host of processes that tests play.

#include "actors/pool/pool.hpp"
#include "tests/support/actor_fixture.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <utility>

using namespace orc;
using namespace std::chrono_literals;

namespace {

/// What the neighbours of a POOL were asked, and what they answer.
struct scene {
  std::vector<channel_load> loads{{"crawl"}, {"snapshot"}};
  std::vector<std::string> lines;
  std::vector<std::string> events;
  std::vector<start_worker> starts;
  std::vector<stop_worker> stops;
  std::vector<lose_worker> losses;
  std::vector<set_channel_rules> rules;
  /// Of the long questions.
  std::vector<caf::typed_response_promise<channel_loads>> waiting;
  std::size_t questions = 0;
  int last = 0;
  bool broken = false;
};

using queue_pointer = work_queue_actor::pointer;
using host_pointer = worker_host_actor::pointer;

work_queue_actor::behavior_type play_queue(queue_pointer self, scene* on) {
  return {
    [=](const get_loads& x) -> caf::result<channel_loads> {
      ++on->questions;
      if (x.wait.count() == 0)
        return channel_loads{on->loads};
      on->waiting.push_back(self->make_response_promise<channel_loads>());
      return on->waiting.back();
    },
    [=](const lose_worker& x) {
      on->losses.push_back(x);
      return lost_tasks{1};
    },
    [=](const set_channel_rules& x) {
      if (x.channel.empty())
        // A test says so: a promise is kept on its own actor.
        for (auto& promise : std::exchange(on->waiting, {}))
          promise.deliver(channel_loads{on->loads});
      else
        on->rules.push_back(x);
      return channel_loads{};
    },
  };
}

worker_host_actor::behavior_type play_host(host_pointer, scene* on) {
  return {
    [=](const start_worker& x) -> caf::result<worker_started> {
      if (on->broken)
        return make_error(ec::bad_config, "no such program");
      on->starts.push_back(x);
      return worker_started{x.type + std::to_string(++on->last), 100 + on->last,
                            now()};
    },
    [=](const run_hook& x) {
      on->events.push_back(x.command.front());
      return hook_ended{};
    },
    [](sweep_workers) { return swept_workers{}; },
    [=](const stop_worker& x) {
      on->stops.push_back(x);
      return worker_signalled{true};
    },
  };
}

class fixture : public test::actor_fixture {
public:
  pool_settings settings;
  scene on;

  fixture() {
    settings.name = "p";
    for (const auto* name : {"crawl", "snapshot"}) {
      worker_type x;
      x.name = x.channel = name;
      settings.types.push_back(x);
    }
    settings.interval = 1s;
    settings.hooks = {{"startup"}, {"tick"}, {"idle"}, {"shutdown"}, 1s};
  }

  ~fixture() {
    on.waiting.clear();
    for (const auto& x : {caf::actor_cast<caf::actor>(pool_),
                          caf::actor_cast<caf::actor>(queue_),
                          caf::actor_cast<caf::actor>(host_)})
      kill(x);
  }

  pool_actor start(bool exits = true) {
    queue_ = system().spawn(play_queue, &on);
    host_ = system().spawn(play_host, &on);
    pool_parts parts{queue_, host_,
                     [this](const std::string& x) { on.lines.push_back(x); },
                     exits};
    pool_ = caf::actor_cast<pool_actor>(
      system().spawn(pool, settings, std::move(parts)));
    run();
    return pool_;
  }

  /// A worker that was started ends.
  void end(const std::string& worker, int code = 0, bool by_signal = false) {
    tell(caf::actor_cast<worker_sink>(pool_),
         worker_exited{worker, code, by_signal, false});
  }

  void answer_those_who_wait() {
    tell(queue_, set_channel_rules{});
  }

  void next_tick() {
    advance(1s);
  }

private:
  work_queue_actor queue_;
  worker_host_actor host_;
  pool_actor pool_;
};

using texts = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(fixture, "AB-8 AB-15 an empty pool ends after three ticks") {
  auto pool = start();
  auto ended = ask<pool_ended>(pool, await_pool{});
  CHECK(on.lines == texts{"idle"});
  next_tick();
  CHECK(ended.waits());
  next_tick();
  CHECK(ended.response().complete);
  CHECK(on.lines == texts{"idle", "all work complete"});
  CHECK(on.events == texts{"startup", "idle", "shutdown"});
  CHECK(on.starts.empty());
}

TEST_CASE_METHOD(fixture, "AB-14 AB-15 ticks are told and hooked in order") {
  on.loads[0].ready = 3;
  on.loads[1].ready = 7;
  auto pool = start();
  next_tick();
  CHECK(on.lines
        == texts{"crawl=3q/0w snapshot=7q/0w", "crawl=3q/1w snapshot=7q/1w"});
  auto ended = ask<pool_ended>(pool, stop_pool{});
  CHECK(ended.waits());
  CHECK(on.stops.size() == 4);
  for (const auto& stopped : std::vector<stop_worker>{on.stops})
    end(stopped.worker);
  CHECK(!ended.response().complete);
  CHECK(on.events == texts{"startup", "tick", "tick", "shutdown"});
}

TEST_CASE_METHOD(fixture, "AB-15 D2 a stop says shutdown once, however often") {
  auto pool = start(false);
  auto first = ask<pool_ended>(pool, stop_pool{});
  auto second = ask<pool_ended>(pool, stop_pool{});
  CHECK(!first.waits());
  CHECK(!second.waits());
  CHECK(on.events == texts{"startup", "idle", "shutdown"});
}

TEST_CASE_METHOD(fixture, "AB-13 a failed start spoils nothing else") {
  on.broken = true;
  on.loads[0].ready = 1;
  auto pool = start();
  on.broken = false;
  next_tick();
  CHECK(on.starts.size() == 1);
  CHECK(ask<pool_view>(pool, get_pool{}).response().types[0].workers.size()
        == 1);
}

TEST_CASE_METHOD(fixture, "AB-17 D10 what a killed worker had counts") {
  on.loads[0].ready = 1;
  start();
  end("crawl1", 9, true);
  REQUIRE(on.losses.size() == 1);
  CHECK(on.losses[0].worker == "crawl1");
  CHECK(on.losses[0].error.view() == R"("worker killed by signal 9")");
  next_tick();
  CHECK(on.starts.size() == 2);
}

TEST_CASE_METHOD(fixture, "AB-17 what a worker had that left does not count") {
  on.loads[0].ready = 1;
  start();
  end("crawl1");
  REQUIRE(on.losses.size() == 1);
  CHECK(on.losses[0].error.empty());
}

TEST_CASE_METHOD(fixture, "D10 a worker of its own protocol that fails counts, "
                          "one of the kit whose commands failed does not") {
  settings.types[1].protocol = worker_protocol::worker;
  on.loads[0].ready = on.loads[1].ready = 1;
  start();
  end("crawl1", 1);
  end("snapshot2", 1);
  REQUIRE(on.losses.size() == 2);
  CHECK(on.losses[0].error.empty());
  CHECK(on.losses[1].worker == "snapshot2");
  CHECK(on.losses[1].error.view() == R"("worker ended with exit code 1")");
}

TEST_CASE_METHOD(fixture, "an idle daemon asks once and sleeps") {
  start(false);
  auto asked = on.questions;
  advance(300s);
  CHECK(on.questions == asked);
  REQUIRE(on.waiting.size() == 1);
  on.loads[0].ready = 1;
  answer_those_who_wait();
  next_tick();
  CHECK(on.starts.size() == 1);
}

TEST_CASE_METHOD(fixture, "AB-21 the rule of keys is told to the queue") {
  settings.types[1].serial = true;
  start();
  REQUIRE(on.rules.size() == 1);
  CHECK(on.rules[0].channel == "snapshot");
  CHECK(on.rules[0].serial);
}

TEST_CASE_METHOD(fixture, "a pool shows its workers") {
  on.loads[1] = {"snapshot", 2, 1, 4};
  auto pool = start();
  auto view = ask<pool_view>(pool, get_pool{}).response();
  CHECK(view.name == "p");
  CHECK(view.types[1].queued == 2);
  CHECK(view.types[1].delayed == 4);
  REQUIRE(view.types[1].workers.size() == 1);
  CHECK(view.types[1].workers[0].pid == 101);
}
