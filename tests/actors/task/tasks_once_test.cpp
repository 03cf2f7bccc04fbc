// What is asked for once, however often it is said.

#include "tests/actors/task/task_world.hpp"

#include <future>
#include <semaphore>

using namespace orc;
using namespace orc::test;
using namespace std::chrono_literals;

TEST_CASE("what is made under a token is made once, a group alone too") {
  task_world in;
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

namespace {

acquire_task once(const std::string& token, const std::string& worker = "w") {
  acquire_task result;
  result.channel = "c";
  result.worker = worker;
  result.token = token;
  return result;
}

} // namespace

TEST_CASE("one task is handed out for each token, over restarts, too") {
  temp_folder folder;
  std::string first;
  {
    task_world in{folder.path()};
    auto group = in.group();
    first = in.create(group).id;
    in.create(group);
    auto given = in.ask<stored_tasks>(in.handle(), once("t"));
    REQUIRE(given);
    CHECK(given->tasks.at(0).id == first);
  }
  task_world in{folder.path()};
  auto again = in.ask<stored_tasks>(in.handle(), once("t"));
  REQUIRE(again);
  CHECK(again->tasks.at(0).id == first);
  CHECK(again->tasks.at(0).assigned_to == "w");
  auto other = in.ask<stored_tasks>(in.handle(), once("u"));
  CHECK(other->tasks.at(0).id != first);
}

TEST_CASE("what a worker gave back is not handed out under the same token") {
  task_world in;
  auto x = in.create(in.group());
  auto given = in.ask<stored_tasks>(in.handle(), once("t"));
  REQUIRE(given->tasks.size() == 1);
  release_task failed;
  failed.error = json_text{"1"};
  REQUIRE(in.release(x, failed));
  CHECK(in.ask<stored_tasks>(in.handle(), once("t"))->tasks.empty());
  // Nor where the worker has it anew.
  change_task retry{task_verb::reset, x.id};
  REQUIRE(in.ask<stored_tasks>(in.handle(), retry));
  // It is another moment.
  for (auto at = now(); now() == at;)
    std::this_thread::yield();
  REQUIRE(in.ask<stored_tasks>(in.handle(), once("u"))->tasks.size() == 1);
  CHECK(in.ask<stored_tasks>(in.handle(), once("t"))->tasks.empty());
}

TEST_CASE("who waits under a token and asks again waits once") {
  task_world in;
  auto group = in.group();
  auto wanted = once("t");
  wanted.wait = 20s;
  std::counting_semaphore<2> answers{0};
  auto ask_for_one = [&] {
    auto given = in.ask<stored_tasks>(in.handle(), wanted)->tasks.size();
    answers.release();
    return given;
  };
  auto one = std::async(std::launch::async, ask_for_one);
  auto other = std::async(std::launch::async, ask_for_one);
  // The first of them is sent away.
  REQUIRE(answers.try_acquire_for(10s));
  in.create(group);
  in.create(group);
  CHECK(one.get() + other.get() == 1);
}
