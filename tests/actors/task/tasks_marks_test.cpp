// The marks that steps leave for whoever tells facts.

#include "tests/actors/task/task_world.hpp"

using namespace orc;
using namespace orc::test;
using namespace std::chrono_literals;

TEST_CASE("a step leaves a mark until whoever follows has its fact") {
  temp_folder folder;
  std::string group;
  std::string kept;
  {
    task_world in{folder.path()};
    group = in.group();
    CHECK(in.marks().last == 0);
    REQUIRE(in.ask<saved>(in.marker(), follow_marks{}));
    auto gone = in.create(group);
    kept = in.create(group).id;
    in.acquire();
    REQUIRE(in.ask<stored_tasks>(in.handle(),
                                 change_task{task_verb::remove, gone.id}));
  }
  task_world again{folder.path()};
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

TEST_CASE("a step marks the keys and the workgroup that it concerns") {
  task_world in;
  auto group = in.group();
  REQUIRE(in.ask<saved>(in.marker(), follow_marks{}));
  task_definition is;
  is.key = "k";
  is.workgroup = "g";
  auto x = in.create(group, is);
  auto names = [&] {
    std::vector<std::string> result;
    for (const auto& fact : in.marks().facts)
      result.push_back(fact.name);
    return result;
  };
  CHECK(names() == std::vector<std::string>{"task:update"});
  in.acquire();
  CHECK(names() == std::vector<std::string>{"task:update", "task:acquire:key"});
  release_task failed;
  failed.error = json_text{R"({"why":"no"})"};
  failed.workgroup_delay_secs = 60;
  REQUIRE(in.release(x, failed));
  auto facts = in.marks().facts;
  auto find = [&](std::string_view name) {
    auto i = std::find_if(facts.begin(), facts.end(),
                          [&](const auto& y) { return y.name == name; });
    REQUIRE(i != facts.end());
    CHECK(i->room == group);
    return std::string{i->data.view()};
  };
  CHECK(find("task:release:key").find(R"("error":{"why":"no"})")
        != std::string::npos);
  CHECK(find("workgroup:delay").find(R"("workgroup":"g")")
        != std::string::npos);
}

TEST_CASE("what happens to an operator is marked") {
  task_world in;
  REQUIRE(in.ask<saved>(in.marker(), follow_marks{}));
  save_operator made{1, {}, true, "operator/k"};
  made.is.id = "o";
  made.is.channel = "c";
  made.is.url = "http://a";
  REQUIRE(in.ask<saved>(in.store(), made));
  auto found = in.ask<found_token>(in.store(), find_token{"operator/k"});
  REQUIRE(found);
  CHECK(found->number == 1);
  CHECK(!in.ask<found_token>(in.store(), find_token{"operator/l"})->number);
  REQUIRE(in.ask<saved>(in.store(), save_operator{1, made.is}));
  REQUIRE(in.ask<saved>(in.store(), drop_operator{1}));
  std::vector<std::string> names;
  for (const auto& fact : in.marks().facts) {
    CHECK(fact.room == "operators");
    names.push_back(fact.name);
  }
  CHECK(names
        == std::vector<std::string>{"operator:create", "operator:update",
                                    "operator:delete"});
}
