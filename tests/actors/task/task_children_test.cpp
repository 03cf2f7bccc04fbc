#include "actors/task/task_book.hpp"
#include "messages/base/error.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

task_child child(std::string id, std::vector<std::string> parents = {}) {
  task_child result;
  result.child_id = std::move(id);
  result.parents = std::move(parents);
  return result;
}

std::string problem(const std::vector<task_child>& xs) {
  auto err = check_children(xs);
  return err ? message_of(err) : "";
}

} // namespace

TEST_CASE("children may come before their parents") {
  CHECK(problem({}).empty());
  CHECK(problem({child("last", {"a", "b"}), child("b", {"a"}), child("a")})
          .empty());
  CHECK(problem({child(""), child("")}).empty());
}

TEST_CASE("children that are no graph are named") {
  CHECK(problem({child("a", {"x"})})
        == "children[0]._parent_ids: no child has the id `x`");
  CHECK(problem({child("a"), child("b"), child("a")})
        == "children[2]._child_id: `a` is the id of another child, too");
  CHECK(problem({child("root"), child("a", {"b"}), child("b", {"a"})})
        == "children[1]._parent_ids: it would wait for itself");
  CHECK(problem({child("a", {"a"})})
        == "children[0]._parent_ids: it would wait for itself");
}

TEST_CASE("a graph of many thousand children is checked in no time") {
  std::vector<task_child> chain;
  for (auto i = 0; i < 20'000; ++i)
    chain.push_back(
      child(std::to_string(i), i == 0 ? std::vector<std::string>{}
                                      : std::vector{std::to_string(i - 1)}));
  CHECK(problem(chain).empty());
  chain[0].parents = {"19999"};
  CHECK_FALSE(problem(chain).empty());
}
