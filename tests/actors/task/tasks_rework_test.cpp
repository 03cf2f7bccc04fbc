// What is done by hand to tasks that are there: resets and removals.

#include "tests/actors/task/task_world.hpp"

using namespace orc;
using namespace orc::test;
using namespace std::chrono_literals;

TEST_CASE("a reset concerns complete tasks, too") {
  task_world it;
  auto group = it.group();
  auto one = it.create(group);
  task_definition below;
  below.parent_ids = std::vector{one.id};
  auto child = it.create(group, below);
  REQUIRE(it.release(*it.acquire(), task_world::with_output("1")));
  REQUIRE(it.release(*it.acquire(), task_world::with_output("1")));
  CHECK_FALSE(it.acquire());
  it.change(group_verb::reset, group);
  CHECK_FALSE(it.show(child.id).parents_complete);
  CHECK(it.acquire()->id == one.id);
  CHECK_FALSE(it.acquire());
}

TEST_CASE("a reset keeps seeds only") {
  task_world it;
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
  task_world it;
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
  task_world it;
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
  task_world it;
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
  temp_folder folder;
  auto other = std::string{};
  {
    task_world in{folder.path()};
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
  task_world again{folder.path()};
  CHECK_FALSE(again.acquire());
  auto left = again.ask<task_groups>(again.store(), find_task_groups{});
  REQUIRE(left->groups.size() == 1);
  CHECK(left->groups[0].id == other);
}

namespace {

caf::expected<stored_tasks>
patch(task_world& it, const task& x, std::string changes) {
  return it.ask<stored_tasks>(caf::actor_cast<task_patcher_actor>(it.handle()),
                              patch_task{x.id, json_text{std::move(changes)}});
}

} // namespace

TEST_CASE("a patch changes what it names, and nothing else") {
  task_world it;
  auto group = it.group();
  auto made = it.create(group);
  release_task failed;
  failed.error = json_text{"1"};
  REQUIRE(it.release(*it.acquire(), failed));
  auto before = it.show(made.id);
  REQUIRE(patch(it, made, R"({"name":"n"})"));
  auto after = it.show(made.id);
  CHECK(after.name == "n");
  CHECK(after.remaining_attempts == before.remaining_attempts);
  CHECK(after.run_after == before.run_after);
}

TEST_CASE("a task does not come to wait for itself") {
  task_world it;
  auto group = it.group();
  auto one = it.create(group);
  task_definition below;
  below.parent_ids = std::vector{one.id};
  auto two = it.create(group, below);
  for (const auto& parent : {one, two}) {
    auto done = patch(it, one, R"({"parentIds":[")" + parent.id + R"("]})");
    REQUIRE_FALSE(done);
    CHECK(code_of(done.error()) == ec::bad_field);
  }
  auto unknown = std::string(24, 'f');
  auto done = patch(it, one, R"({"parentIds":[")" + unknown + R"("]})");
  REQUIRE_FALSE(done);
  CHECK(code_of(done.error()) == ec::not_found);
  CHECK(it.show(one.id).parent_ids.empty());
}

TEST_CASE("channels are counted whatever is done to their tasks") {
  temp_folder folder;
  task_channel last;
  {
    task_world in{folder.path()};
    auto standing = [&](const std::string& name) {
      auto all = in.ask<task_channels>(in.handle(), get_task_channels{});
      REQUIRE(all);
      for (const auto& x : all->channels)
        if (x.name == name)
          return x;
      return task_channel{};
    };
    auto group = in.group();
    in.create(group);
    auto second = in.create(group);
    auto done = in.acquire();
    REQUIRE(in.release(*done, task_world::with_output("1")));
    CHECK(standing("c").total == 2);
    CHECK(standing("c").complete == 1);
    // A complete one goes to another channel.
    task_definition elsewhere;
    elsewhere.channel = "d";
    REQUIRE(in.ask<stored_tasks>(in.handle(), edit_task{done->id, elsewhere}));
    CHECK(standing("c").total == 1);
    CHECK(standing("c").complete == 0);
    CHECK(standing("d").complete == 1);
    REQUIRE(in.ask<stored_tasks>(in.handle(),
                                 change_task{task_verb::remove, second.id}));
    CHECK(standing("c").total == 0);
    in.create(in.group());
    in.change(group_verb::remove, group);
    CHECK(standing("d").total == 0);
    last = standing("c");
    CHECK(last.total == 1);
  }
  task_world again{folder.path()};
  auto all = again.ask<task_channels>(again.handle(), get_task_channels{});
  REQUIRE(all);
  REQUIRE(all->channels.size() == 1);
  CHECK(all->channels[0].total == last.total);
}
