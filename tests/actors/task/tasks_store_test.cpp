// TASKS with a store that fails, and what it makes of it.

#include "tests/actors/task/task_world.hpp"
#include "tests/support/actor_fixture.hpp"

#include <caf/event_based_actor.hpp>

#include <atomic>
#include <future>
#include <memory>

using namespace orc;
using namespace orc::test;
using namespace std::chrono_literals;

namespace {

/// What goes wrong.
struct troubles {
  std::atomic<bool> loses_steps = false;
  std::atomic<bool> is_unreadable = false;
  std::atomic<int> loads = 0;
};

using troubles_ptr = std::shared_ptr<troubles>;

/// Stands before a store and has it fail.
store_guard with(const troubles_ptr& x) {
  return [x](caf::actor_system& system, const task_store_actor& store) {
    auto handle = system.spawn([x, store](caf::event_based_actor* self) {
      auto failed = [] { return make_error(ec::store_failed, "the disk"); };
      return caf::behavior{
        [=](const change_tasks& y) -> caf::result<stored_tasks> {
          if (x->loses_steps)
            return failed();
          return self->delegate(store, y);
        },
        [=](const save_task_group& y) { return self->delegate(store, y); },
        [=](const find_tasks& y) { return self->delegate(store, y); },
        [=](const load_live_tasks& y) { return self->delegate(store, y); },
        [=](const load_task_book& y) -> caf::result<task_book_summary> {
          ++x->loads;
          if (x->is_unreadable)
            return failed();
          return self->delegate(store, y);
        },
      };
    });
    return caf::actor_cast<task_store_actor>(handle);
  };
}

struct shaky_world {
  troubles_ptr trouble = std::make_shared<troubles>();
  task_world in{{}, with(trouble)};

  /// A step that is lost: TASKS reads its book anew.
  void lose_a_step(const std::string& group) {
    trouble->loses_steps = true;
    auto lost = in.ask<stored_tasks>(in.handle(), create_task{group, {}});
    REQUIRE(!lost);
    CHECK(code_of(lost.error()) == ec::store_failed);
    trouble->loses_steps = false;
  }

  caf::expected<stored_tasks> try_acquire() {
    acquire_task x;
    x.channel = "c";
    x.worker = "w";
    return in.ask<stored_tasks>(in.handle(), x);
  }
};

} // namespace

TEST_CASE_METHOD(shaky_world,
                 "TASKS goes on when its store can be read again") {
  auto group = in.group();
  auto kept = in.create(group).id;
  trouble->is_unreadable = true;
  lose_a_step(group);
  auto refused = try_acquire();
  REQUIRE(!refused);
  CHECK(code_of(refused.error()) == ec::store_failed);
  for (int i = 0; i < 100 && trouble->loads < 3; ++i)
    std::this_thread::sleep_for(100ms);
  trouble->is_unreadable = false;
  auto given = try_acquire();
  for (int i = 0; i < 100 && !given; ++i) {
    std::this_thread::sleep_for(100ms);
    given = try_acquire();
  }
  REQUIRE(given);
  CHECK(given->tasks.at(0).id == kept);
}

TEST_CASE("a store that cannot be read at the start is the end") {
  auto trouble = std::make_shared<troubles>();
  trouble->is_unreadable = true;
  task_world in{{}, with(trouble)};
  acquire_task x;
  x.channel = "c";
  CHECK(!in.ask<stored_tasks>(in.handle(), x));
  CHECK(trouble->loads == 1);
}

TEST_CASE_METHOD(shaky_world,
                 "whoever waits is served though the book was read anew") {
  auto group = in.group();
  acquire_task patient;
  patient.channel = "c";
  patient.worker = "w";
  patient.wait = 5s;
  auto worker = std::async(std::launch::async, [&] {
    return in.ask<stored_tasks>(in.handle(), patient)->tasks.size();
  });
  auto queue = caf::actor_cast<work_queue_actor>(in.handle());
  auto pool = std::async(std::launch::async, [&] {
    return in.ask<channel_loads>(queue, get_loads{{"c"}, 5s})
      ->channels.at(0)
      .ready;
  });
  std::this_thread::sleep_for(100ms);
  lose_a_step(group);
  in.create(group);
  in.create(group);
  CHECK(worker.get() == 1);
  CHECK(pool.get() == 1);
}

TEST_CASE("what comes behind a step that is lost is lost, too") {
  task_world in;
  auto made = in.create(in.group());
  auto key = *key_of_object_id(made.id);
  change_tasks bad;
  bad.added.emplace_back().key = key;
  auto lost = in.ask<stored_tasks>(in.store(), bad);
  REQUIRE(!lost);
  change_tasks lease;
  lease.changes.push_back(
    {task_change_kind::lease, key, now(), now() + 60s, 0, json_text{"w"}});
  CHECK(!in.ask<stored_tasks>(in.store(), lease));
  live_group group{9, now()};
  CHECK(!in.ask<task_groups>(in.store(), save_task_group{group, "g"}));
  REQUIRE(in.ask<task_book_summary>(in.store(), load_task_book{}));
  CHECK(!in.show(made.id).assigned_to);
  REQUIRE(in.ask<stored_tasks>(in.store(), lease));
  CHECK(in.show(made.id).assigned_to == "w");
}

namespace {

constexpr auto long_ago = timestamp{1'700'000'000'000};

/// A store that has one group, and loses all steps.
caf::behavior losing_store(caf::event_based_actor*, int* loads) {
  return {
    [=](const load_task_book&) {
      ++*loads;
      return task_book_summary{1, 0, 1, {{1, long_ago}}};
    },
    [](const load_live_tasks&) {
      return live_tasks{{}, true};
    },
    [](const change_tasks&) -> caf::result<stored_tasks> {
      return make_error(ec::store_failed, "the disk");
    },
  };
}

/// TASKS that take one message at a time.
struct slow_world : actor_fixture {
  ~slow_world() {
    kill(subject);
    kill(store);
  }

  int loads = 0;
  caf::actor store = system().spawn(losing_store, &loads);
  tasks_actor subject = system().spawn(
    tasks, caf::actor_cast<task_store_actor>(store), tasks_config{});
};

} // namespace

TEST_CASE_METHOD(slow_world,
                 "for steps that are lost together the book is read once") {
  run();
  CHECK(loads == 1);
  create_task x{make_object_id(id_of::group, long_ago, 1, 1), {}};
  for (int i = 0; i < 5; ++i)
    caf::anon_send(subject, x);
  run();
  CHECK(loads == 2);
}

TEST_CASE_METHOD(slow_world, "one tick is planned, however many there were") {
  run();
  acquire_task x;
  x.channel = "c";
  for (auto wait : {55s, 45s, 35s, 25s, 15s}) {
    x.wait = wait;
    tell(subject, x);
  }
  for (int i = 0; i < 10; ++i)
    advance(20s);
  CHECK(planned() == 1);
}
