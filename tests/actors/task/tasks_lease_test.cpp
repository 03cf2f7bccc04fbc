// TASKS with tasks that have failed when their worker is lost.

#include "messages/task/patch.hpp"
#include "tests/actors/task/task_world.hpp"

using namespace orc;
using orc::test::task_world;
using orc::test::temp_folder;

TEST_CASE("what must not be done twice stays so over restarts and edits") {
  temp_folder folder;
  std::string id;
  {
    task_world in{folder.path()};
    auto group = in.group();
    CHECK_FALSE(in.create(group).fails_on_lease_end);
    task_definition once;
    once.fails_on_lease_end = true;
    once.remaining_attempts = 1;
    once.priority = 1;
    auto made = in.create(group, once);
    CHECK(made.fails_on_lease_end == true);
    id = made.id;
    patch_task change{id, json_text{R"({"name":"other"})"}};
    auto edited = in.ask<stored_tasks>(
      caf::actor_cast<task_patcher_actor>(in.handle()), change);
    REQUIRE(edited);
    CHECK(edited->tasks[0].fails_on_lease_end == true);
    CHECK(in.acquire()->id == id);
  }
  task_world it{folder.path()};
  CHECK(it.show(id).fails_on_lease_end == true);
  auto lost = it.ask<lost_tasks>(caf::actor_cast<work_queue_actor>(it.handle()),
                                 lose_worker{"w"});
  REQUIRE(lost);
  CHECK(lost->count == 1);
  CHECK(it.show(id).remaining_attempts == 0);
  CHECK(it.show(id).errors.view().find("worker w") != std::string::npos);
  CHECK(it.acquire()->id != id);
}

TEST_CASE("an answer that is lost goes to nobody else where it must not") {
  task_world in;
  task_definition once;
  once.fails_on_lease_end = true;
  in.create(in.group(), once);
  auto given = in.acquire();
  REQUIRE(given);
  caf::anon_send(in.handle(), return_task{given->id, "w", *given->assigned_at});
  CHECK_FALSE(in.acquire("other"));
  CHECK(in.show(given->id).assigned_to == "w");
}
