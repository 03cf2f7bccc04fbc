// TASKS with the store that it has, in memory and in a file.

#include "tests/actors/task/task_world.hpp"

using namespace orc;
using namespace orc::test;
using namespace std::chrono_literals;

TEST_CASE("a task goes its way, and keeps what was written of it") {
  task_world it;
  auto group = it.group();
  task_definition x;
  x.input = json_text{R"({"n":1.50})"};
  auto made = it.create(group, x);
  auto given = it.acquire();
  REQUIRE(given);
  CHECK(given->id == made.id);
  CHECK(given->assigned_to == "w");
  CHECK(given->input.view() == R"({"n":1.50})");
  auto done = it.release(*given, task_world::with_output(R"([1,2])"));
  REQUIRE(done);
  CHECK(done->tasks[0].is_complete);
  CHECK(it.show(made.id).output.view() == "[1,2]");
  // Once more changes nothing.
  CHECK(it.release(*given, task_world::with_output("3"), "v")
          ->tasks[0]
          .output.view()
        == "[1,2]");
}

TEST_CASE("everything is there after a restart, leases too") {
  temp_folder folder;
  std::string group;
  std::string leased;
  std::string child;
  {
    task_world it{folder.path()};
    group = it.group();
    leased = it.create(group).id;
    task_definition below;
    below.parent_ids = std::vector{leased};
    child = it.create(group, below).id;
    it.create(group);
    CHECK(it.acquire()->id == leased);
  }
  task_world it{folder.path()};
  CHECK(it.show(leased).assigned_to == "w");
  CHECK(it.acquire("v")->id != leased);
  CHECK_FALSE(it.acquire("v"));
  REQUIRE(it.release(it.show(leased), task_world::with_output("1")));
  CHECK(it.show(child).parents_complete);
  CHECK(it.acquire("v")->id == child);
  // Keys are not given twice.
  CHECK(it.create(group).id > child);
}

TEST_CASE("a worker waits for a task, and is told when there is none") {
  task_world it;
  auto group = it.group();
  acquire_task patient;
  patient.channel = "c";
  patient.worker = "w";
  patient.wait = 50ms;
  CHECK(it.ask<stored_tasks>(it.handle(), patient)->tasks.empty());
  patient.wait = 10s;
  std::thread late{[&] {
    std::this_thread::sleep_for(50ms);
    it.create(group);
  }};
  CHECK(it.ask<stored_tasks>(it.handle(), patient)->tasks.size() == 1);
  late.join();
}

TEST_CASE("children come with the completion, or not at all") {
  task_world it;
  auto group = it.group();
  it.create(group);
  auto given = it.acquire();
  auto how = task_world::with_output("1");
  how.children.resize(2);
  how.children[0].task.channel = "c";
  how.children[0].parents = {"b"};
  CHECK_FALSE(it.release(*given, how));
  CHECK(it.of_group(group).size() == 1);
  how.children[1].task.channel = "c";
  how.children[1].child_id = "b";
  REQUIRE(it.release(*given, how));
  auto all = it.of_group(group);
  REQUIRE(all.size() == 3);
  CHECK(it.acquire()->id == all[0].id);
  CHECK(it.show(all[1].id).parent_ids == std::vector{all[0].id});
}

TEST_CASE("parents come in the order in which a task names them") {
  task_world it;
  auto group = it.group();
  std::vector<std::string> ids;
  for (const auto* made : {"1", "2", "3"}) {
    it.create(group);
    auto given = it.acquire();
    REQUIRE(it.release(*given, task_world::with_output(made)));
    ids.push_back(given->id);
  }
  task_definition below;
  below.parent_ids = std::vector{ids[2], ids[0], ids[1]};
  it.create(group, below);
  acquire_task x;
  x.channel = "c";
  x.worker = "w";
  auto given = it.ask<stored_tasks>(it.handle(), x);
  REQUIRE(given);
  std::vector<std::string> shown;
  for (const auto& parent : given->parents)
    shown.push_back(parent.id);
  CHECK(shown == *below.parent_ids);
}

TEST_CASE("the id of a group is none of a task, and the other way round") {
  task_world it;
  auto group = it.group();
  task_definition once;
  once.remaining_attempts = 1;
  auto dead = it.create(group, once);
  // They have the same key.
  REQUIRE(key_of_object_id(group) == key_of_object_id(dead.id));
  release_task failed;
  failed.error = json_text{"1"};
  REQUIRE(it.release(*it.acquire(), failed));
  redrive_tasks named;
  named.ids = {group};
  CHECK(it.ask<redriven_tasks>(it.handle(), named)->count == 0);
  CHECK(it.show(dead.id).remaining_attempts == 0);
  named.ids = {group, dead.id};
  CHECK(it.ask<redriven_tasks>(it.handle(), named)->count == 1);
  CHECK(it.of_group(dead.id).empty());
  CHECK(it.of_group(group).size() == 1);
}

TEST_CASE("tasks are listed from one on, the newest first") {
  task_world it;
  auto group = it.group();
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i)
    ids.push_back(it.create(group).id);
  find_tasks x;
  x.before = ids[2];
  auto first_of = [&] { return it.ask<stored_tasks>(it.store(), x)->tasks; };
  x.channel = "c";
  REQUIRE(first_of().size() == 2);
  CHECK(first_of().front().id == ids[1]);
  x.channel = "";
  x.group_id = group;
  x.limit = 1;
  REQUIRE(first_of().size() == 1);
  CHECK(first_of().front().id == ids[1]);
  x.before = ids[0];
  CHECK(first_of().empty());
}

TEST_CASE("an edit may give other parents") {
  task_world it;
  auto group = it.group();
  auto one = it.create(group);
  auto two = it.create(group);
  task_definition below;
  below.channel = "c";
  below.parent_ids = std::vector{one.id};
  auto child = it.create(group, below);
  below.parent_ids = std::vector{two.id};
  REQUIRE(it.ask<stored_tasks>(it.handle(), edit_task{child.id, below}));
  auto first = it.acquire();
  REQUIRE(it.release(*first, task_world::with_output("1")));
  CHECK_FALSE(it.show(child.id).parents_complete);
  REQUIRE(it.release(*it.acquire(), task_world::with_output("1")));
  CHECK(it.acquire()->id == child.id);
}

TEST_CASE("AB-17 a worker that is gone gives back what its hands had") {
  task_world on;
  auto group = on.group();
  on.create(group);
  on.create(group);
  REQUIRE(on.acquire("w/1"));
  REQUIRE(on.acquire("wide"));
  auto queue = caf::actor_cast<work_queue_actor>(on.handle());
  auto lost = on.ask<lost_tasks>(queue, lose_worker{"w"});
  REQUIRE(lost);
  CHECK(lost->count == 1);
  auto again = on.acquire("next");
  REQUIRE(again);
  CHECK(again->remaining_attempts == 5);
  lost = on.ask<lost_tasks>(queue, lose_worker{"next", json_text{"\"dead\""}});
  REQUIRE(lost);
  CHECK(lost->count == 1);
  auto loads = on.ask<channel_loads>(queue, get_loads{{"c", "d"}});
  REQUIRE(loads);
  CHECK(loads->channels[0].ready == 0);
  CHECK(loads->channels[0].assigned == 1);
  CHECK(loads->channels[0].delayed == 1);
  CHECK(loads->channels[1].ready == 0);
}

TEST_CASE("AB-21 tasks of a key are done one after the other where it is set") {
  task_world on;
  auto queue = caf::actor_cast<work_queue_actor>(on.handle());
  REQUIRE(on.ask<channel_loads>(queue, set_channel_rules{"c", true}));
  auto group = on.group();
  task_definition keyed;
  keyed.key = "k";
  on.create(group, keyed);
  on.create(group, keyed);
  task_definition other;
  other.key = "other";
  on.create(group, other);
  auto first = on.acquire("a");
  REQUIRE(first);
  CHECK(first->key == "k");
  auto second = on.acquire("b");
  REQUIRE(second);
  CHECK(second->key == "other");
  CHECK(!on.acquire("c"));
  release_task done;
  done.id = first->id;
  done.worker = "a";
  done.output = json_text{"1"};
  REQUIRE(on.ask<stored_tasks>(on.handle(), done));
  auto third = on.acquire("c");
  REQUIRE(third);
  CHECK(third->key == "k");
  CHECK(third->id != first->id);
}

TEST_CASE("who waits for a ready task is told, once there is one") {
  task_world on;
  auto queue = caf::actor_cast<work_queue_actor>(on.handle());
  auto group = on.group();
  std::thread later{[&] {
    std::this_thread::sleep_for(100ms);
    on.create(group);
  }};
  auto loads = on.ask<channel_loads>(queue, get_loads{{"d", "c"}, 10s});
  later.join();
  REQUIRE(loads);
  CHECK(loads->channels[1].ready == 1);
  loads = on.ask<channel_loads>(queue, get_loads{{"d"}, 50ms});
  REQUIRE(loads);
  CHECK(loads->channels[0].ready == 0);
}
