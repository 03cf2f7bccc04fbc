// TASKS with the store that it has, in memory and in a file.

#include "actors/task/tasks.hpp"
#include "messages/task/marks.hpp"
#include "messages/task/object_id.hpp"
#include "persistence/sqlite/task_store.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <stdlib.h>
#include <thread>

using namespace orc;
using namespace std::chrono_literals;

namespace {

struct quiet_config : caf::actor_system_config {
  quiet_config() {
    set("scheduler.max-threads", 2);
    set("logger.verbosity", caf::atom("quiet"));
  }
};

class temporary_folder {
public:
  temporary_folder() {
    auto name
      = (std::filesystem::temp_directory_path() / "tasks-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }

  ~temporary_folder() {
    std::filesystem::remove_all(path_);
  }

  const std::filesystem::path& path() const {
    return path_;
  }

private:
  std::filesystem::path path_;
};

/// TASKS, asked from a thread.
class world {
public:
  explicit world(const std::filesystem::path& folder = {}) {
    auto opened = open_task_store(system_, folder);
    REQUIRE(opened);
    store_ = *opened;
    tasks_ = system_.spawn(tasks, store_, tasks_config{60s});
  }

  ~world() {
    caf::scoped_actor self{system_};
    for (const auto& x : {caf::actor_cast<caf::actor>(tasks_),
                          caf::actor_cast<caf::actor>(store_)}) {
      caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
      self->wait_for(x);
    }
  }

  template <class Response, class Handle, class Message>
  caf::expected<Response> ask(const Handle& to, Message x) {
    caf::scoped_actor self{system_};
    caf::expected<Response> result{caf::error{}};
    self->request(to, 20s, std::move(x))
      .receive([&](Response& y) { result = std::move(y); },
               [&](caf::error& y) { result = std::move(y); });
    return result;
  }

  task_marks_actor marker() const {
    return caf::actor_cast<task_marks_actor>(store_);
  }

  task_marks marks() {
    return *ask<task_marks>(marker(), load_marks{});
  }

  std::string group() {
    return ask<task_groups>(tasks_, create_task_group{"g"})->groups[0].id;
  }

  task create(const std::string& group, task_definition x = {}) {
    x.channel = "c";
    return ask<stored_tasks>(tasks_, create_task{group, x})->tasks[0];
  }

  std::optional<task> acquire(const std::string& worker = "w") {
    acquire_task x;
    x.channel = "c";
    x.worker = worker;
    auto given = ask<stored_tasks>(tasks_, x);
    return given->tasks.empty() ? std::nullopt : std::optional{given->tasks[0]};
  }

  caf::expected<stored_tasks>
  release(const task& x, release_task how, const std::string& worker = "w") {
    how.id = x.id;
    how.worker = worker;
    return ask<stored_tasks>(tasks_, how);
  }

  static release_task with_output(const char* json) {
    release_task result;
    result.output = json_text{json};
    return result;
  }

  task show(const std::string& id) {
    find_tasks x;
    x.id = id;
    return ask<stored_tasks>(store_, x)->tasks[0];
  }

  std::vector<task> of_group(const std::string& id) {
    find_tasks x;
    x.group_id = id;
    return ask<stored_tasks>(store_, x)->tasks;
  }

  task_groups change(group_verb verb, const std::string& id) {
    change_task_group x;
    x.verb = verb;
    x.id = id;
    x.attempts = 2;
    return *ask<task_groups>(tasks_, x);
  }

  const tasks_actor& handle() const {
    return tasks_;
  }

  const task_store_actor& store() const {
    return store_;
  }

private:
  quiet_config config_;
  caf::actor_system system_{config_};
  task_store_actor store_;
  tasks_actor tasks_;
};

} // namespace

TEST_CASE("a task goes its way, and keeps what was written of it") {
  world it;
  auto group = it.group();
  task_definition x;
  x.input = json_text{R"({"n":1.50})"};
  auto made = it.create(group, x);
  auto given = it.acquire();
  REQUIRE(given);
  CHECK(given->id == made.id);
  CHECK(given->assigned_to == "w");
  CHECK(given->input.view() == R"({"n":1.50})");
  auto done = it.release(*given, world::with_output(R"([1,2])"));
  REQUIRE(done);
  CHECK(done->tasks[0].is_complete);
  CHECK(it.show(made.id).output.view() == "[1,2]");
  // Once more changes nothing.
  CHECK(it.release(*given, world::with_output("3"), "v")->tasks[0].output.view()
        == "[1,2]");
}

TEST_CASE("everything is there after a restart, leases too") {
  temporary_folder folder;
  std::string group;
  std::string leased;
  std::string child;
  {
    world it{folder.path()};
    group = it.group();
    leased = it.create(group).id;
    task_definition below;
    below.parent_ids = std::vector{leased};
    child = it.create(group, below).id;
    it.create(group);
    CHECK(it.acquire()->id == leased);
  }
  world it{folder.path()};
  CHECK(it.show(leased).assigned_to == "w");
  CHECK(it.acquire("v")->id != leased);
  CHECK_FALSE(it.acquire("v"));
  REQUIRE(it.release(it.show(leased), world::with_output("1")));
  CHECK(it.show(child).parents_complete);
  CHECK(it.acquire("v")->id == child);
  // Keys are not given twice.
  CHECK(it.create(group).id > child);
}

TEST_CASE("a reset concerns complete tasks, too") {
  world it;
  auto group = it.group();
  auto one = it.create(group);
  task_definition below;
  below.parent_ids = std::vector{one.id};
  auto child = it.create(group, below);
  REQUIRE(it.release(*it.acquire(), world::with_output("1")));
  REQUIRE(it.release(*it.acquire(), world::with_output("1")));
  CHECK_FALSE(it.acquire());
  it.change(group_verb::reset, group);
  CHECK_FALSE(it.show(child.id).parents_complete);
  CHECK(it.acquire()->id == one.id);
  CHECK_FALSE(it.acquire());
}

TEST_CASE("a reset keeps seeds only") {
  world it;
  auto group = it.group();
  auto parent = it.create(group);
  task_definition seed;
  seed.is_seed = true;
  seed.parent_ids = std::vector{parent.id};
  auto kept = it.create(group, seed);
  it.change(group_verb::reset, group);
  auto left = it.of_group(group);
  REQUIRE(left.size() == 1);
  CHECK(left[0].id == kept.id);
  CHECK(it.acquire()->id == kept.id);
}

TEST_CASE("what is removed takes its descendants along") {
  world it;
  auto group = it.group();
  auto one = it.create(group);
  task_definition below;
  below.parent_ids = std::vector{one.id};
  auto child = it.create(group, below);
  below.parent_ids = std::vector{child.id};
  it.create(group, below);
  auto other = it.create(group);
  REQUIRE(it.ask<stored_tasks>(it.handle(),
                               change_task{task_verb::remove, one.id, 0}));
  auto left = it.of_group(group);
  REQUIRE(left.size() == 1);
  CHECK(left[0].id == other.id);
  auto again = it.ask<stored_tasks>(it.handle(),
                                    change_task{task_verb::remove, one.id, 0});
  REQUIRE_FALSE(again);
  CHECK(code_of(again.error()) == ec::not_found);
}

TEST_CASE("the removal of a group frees children of other groups") {
  world it;
  auto group = it.group();
  auto other = it.group();
  auto parent = it.create(group);
  task_definition below;
  below.parent_ids = std::vector{parent.id};
  auto child = it.create(other, below);
  it.change(group_verb::remove, group);
  CHECK(it.acquire()->id == child.id);
  CHECK(it.change(group_verb::remove, group).groups.empty());
}

TEST_CASE("what is done to a large group is done to all of it") {
  // More than one slice.
  constexpr std::size_t count = 4'500;
  world it;
  auto group = it.group();
  create_tasks many;
  many.group_id = group;
  many.tasks.resize(count);
  for (auto& x : many.tasks) {
    x.task.channel = "c";
    x.task.remaining_attempts = 0;
  }
  REQUIRE(it.ask<created_tasks>(it.handle(), many));
  CHECK_FALSE(it.acquire());
  auto has_attempts = [&](std::int64_t wanted) {
    auto found = it.of_group(group);
    return static_cast<std::size_t>(
      std::count_if(found.begin(), found.end(), [=](const auto& x) {
        return x.remaining_attempts == wanted;
      }));
  };
  it.change(group_verb::retry, group);
  CHECK(has_attempts(2) == count);
  CHECK(it.acquire());
  it.change(group_verb::reset, group);
  CHECK(has_attempts(5) == count);
  CHECK(it.acquire());
  it.change(group_verb::remove, group);
  CHECK(it.of_group(group).empty());
  CHECK_FALSE(it.acquire());
}

TEST_CASE("a removal that was noted is done by the process that comes next") {
  temporary_folder folder;
  auto other = std::string{};
  {
    world in{folder.path()};
    auto group = in.group();
    auto parent = in.create(group);
    task_definition below;
    below.parent_ids = std::vector{parent.id};
    in.create(group, below);
    other = in.group();
    rework_tasks note;
    note.kind = task_rework_kind::begin_removal;
    note.key = *key_of_object_id(group);
    note.until = std::numeric_limits<std::int64_t>::max();
    REQUIRE(in.ask<reworked_tasks>(in.store(), note));
  }
  world again{folder.path()};
  CHECK_FALSE(again.acquire());
  auto left = again.ask<task_groups>(again.store(), find_task_groups{});
  REQUIRE(left->groups.size() == 1);
  CHECK(left->groups[0].id == other);
}

TEST_CASE("a worker waits for a task, and is told when there is none") {
  world it;
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
  world it;
  auto group = it.group();
  it.create(group);
  auto given = it.acquire();
  auto how = world::with_output("1");
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

TEST_CASE("an edit may give other parents") {
  world it;
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
  REQUIRE(it.release(*first, world::with_output("1")));
  CHECK_FALSE(it.show(child.id).parents_complete);
  REQUIRE(it.release(*it.acquire(), world::with_output("1")));
  CHECK(it.acquire()->id == child.id);
}

TEST_CASE("AB-17 a worker that is gone gives back what its hands had") {
  world on;
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
  world on;
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
  world on;
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

TEST_CASE("a step leaves a mark until whoever follows has its fact") {
  temporary_folder folder;
  std::string group;
  std::string kept;
  {
    world in{folder.path()};
    group = in.group();
    CHECK(in.marks().last == 0);
    REQUIRE(in.ask<saved>(in.marker(), follow_marks{}));
    auto gone = in.create(group);
    kept = in.create(group).id;
    in.acquire();
    REQUIRE(in.ask<stored_tasks>(in.handle(),
                                 change_task{task_verb::remove, gone.id}));
  }
  world again{folder.path()};
  auto found = again.marks();
  // One for each: how it is, or how it was.
  REQUIRE(found.facts.size() == 2);
  CHECK(found.facts[0].name == "task:update");
  CHECK(found.facts[0].data.view().find(kept) != std::string::npos);
  CHECK(found.facts[1].name == "task:delete");
  CHECK(found.facts[1].room == group);
  CHECK(again.ask<last_mark>(again.marker(), get_last_mark{})->number
        == found.last);
  REQUIRE(again.ask<saved>(again.marker(), drop_marks{found.last}));
  CHECK(again.marks().facts.empty());
  // It goes on in the next process.
  again.create(group);
  CHECK(again.marks().last > found.last);
  REQUIRE(again.ask<saved>(again.marker(), follow_marks{false}));
  again.create(group);
  CHECK(again.marks().last == 0);
}

TEST_CASE("what is made under a token is made once, a group alone too") {
  world in;
  create_tasks wanted;
  wanted.group_name = "night";
  wanted.token = "group//k";
  auto made = in.ask<created_tasks>(in.handle(), wanted);
  auto again = in.ask<created_tasks>(in.handle(), wanted);
  REQUIRE(made);
  REQUIRE(again);
  CHECK(!made->group_id.empty());
  CHECK(made->group_id == again->group_id);
}
