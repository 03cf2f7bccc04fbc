// A task is given back for the next one, in one step.

#include "tests/actors/task/task_world.hpp"

using namespace orc;
using namespace orc::test;

namespace {

/// Gives a task back and asks for the next one of its channel.
caf::expected<stored_tasks>
exchange(task_world& it, const task& x, release_task how,
         const std::string& worker = "w") {
  exchange_task question;
  question.done = std::move(how);
  question.done.id = x.id;
  question.done.worker = worker;
  question.next.channel = "c";
  question.next.worker = worker;
  return it.ask<stored_tasks>(it.handle(), question);
}

} // namespace

TEST_CASE("a worker gives a task back for the next one") {
  task_world it;
  auto group = it.group();
  auto first = it.create(group);
  auto second = it.create(group);
  REQUIRE(it.acquire());
  auto answer = exchange(it, first, task_world::with_output("1"));
  REQUIRE(answer);
  REQUIRE(answer->tasks.size() == 2);
  CHECK(answer->tasks[0].id == first.id);
  CHECK(answer->tasks[0].is_complete);
  CHECK(answer->tasks[1].id == second.id);
  CHECK(answer->tasks[1].assigned_to == "w");
  CHECK(answer->parents.empty());
  CHECK(it.show(second.id).assigned_to == "w");
  CHECK_FALSE(it.acquire("another"));
}

TEST_CASE("where there is no next one a task is given back all the same") {
  task_world it;
  auto first = it.create(it.group());
  REQUIRE(it.acquire());
  auto answer = exchange(it, first, task_world::with_output("1"));
  REQUIRE(answer);
  CHECK(answer->tasks.size() == 1);
  CHECK(it.show(first.id).is_complete);
}

TEST_CASE("who may not give a task back gets no other") {
  task_world it;
  auto group = it.group();
  auto first = it.create(group);
  it.create(group);
  REQUIRE(it.acquire());
  auto answer = exchange(it, first, task_world::with_output("1"), "thief");
  REQUIRE_FALSE(answer);
  CHECK(code_of(answer.error()) == ec::not_assigned);
  CHECK(it.acquire("another"));
}

TEST_CASE("the next one may be a child that comes with the completion") {
  task_world it;
  auto first = it.create(it.group());
  REQUIRE(it.acquire());
  auto how = task_world::with_output("7");
  how.children.resize(2);
  how.children[0].task.channel = "c";
  how.children[1].task.channel = "other";
  auto answer = exchange(it, first, how);
  REQUIRE(answer);
  REQUIRE(answer->tasks.size() == 2);
  CHECK(answer->tasks[1].parent_ids == std::vector{first.id});
  CHECK(answer->tasks[1].assigned_to == "w");
  REQUIRE(answer->parents.size() == 1);
  CHECK(answer->parents[0].output.view() == "7");
}

TEST_CASE("a task that failed may be the next one") {
  task_world it;
  auto group = it.group();
  task_definition soon;
  soon.error_delay_secs = 0;
  auto first = it.create(group, soon);
  auto second = it.create(group, soon);
  REQUIRE(it.acquire());
  release_task failed;
  failed.error = json_text{R"("no")"};
  auto answer = exchange(it, first, failed);
  REQUIRE(answer);
  CHECK(answer->tasks[0].remaining_attempts == 4);
  // It is the oldest that may be done, so it comes again.
  REQUIRE(answer->tasks.size() == 2);
  CHECK(answer->tasks[1].id == first.id);
  REQUIRE(it.release(answer->tasks[1], task_world::with_output("1")));
  CHECK(it.acquire()->id == second.id);
}

TEST_CASE("who gives a task back twice gets the next one all the same") {
  task_world it;
  auto group = it.group();
  auto first = it.create(group);
  auto second = it.create(group);
  REQUIRE(it.acquire());
  REQUIRE(it.release(first, task_world::with_output("1")));
  auto answer = exchange(it, first, task_world::with_output("2"));
  REQUIRE(answer);
  REQUIRE(answer->tasks.size() == 2);
  CHECK(answer->tasks[0].output.view() == "1");
  CHECK(answer->tasks[1].id == second.id);
  answer = exchange(it, second, task_world::with_output("3"));
  REQUIRE(answer);
  CHECK(answer->tasks.size() == 1);
}
