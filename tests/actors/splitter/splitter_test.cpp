#include "actors/splitter/splitter.hpp"
#include "actors/splitter/text_source.hpp"
#include "persistence/memory/run_store.hpp"
#include "tests/support/actor_fixture.hpp"

using namespace orc;

namespace {

struct splitter_fixture : test::actor_fixture {
  splitter_fixture() {
    request.prefix = "list";
    request.input_template = json_text{R"({"u":{"$items":"$item"}})"};
    request.rules.max_items = 2;
    request.run.actor = "me/shop";
  }

  splitter_actor start(std::string items) {
    auto job = split_job::make(request, 0);
    REQUIRE(job);
    auto source = system().spawn(text_source, json_text{std::move(items)});
    return system().spawn(splitter, *job, splitter_parts{source, store});
  }

  /// Cuts a list and returns the names of its parts, and their inputs.
  std::vector<std::string> split(const std::string& items) {
    auto cutter = start(items);
    auto cut = ask<split_result>(cutter, cut_items{});
    auto requests = ask<part_requests>(cutter, next_requests{});
    std::vector<std::string> result;
    for (const auto& x : requests.response().runs)
      result.push_back(x.name + " " + std::string{x.input.view()});
    CHECK(cut.response().parts.size() == result.size());
    return result;
  }

  split_store_actor store
    = caf::actor_cast<split_store_actor>(system().spawn(memory_run_store));
  split_request request;
};

using parts = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(splitter_fixture, "parts are named by number and total") {
  CHECK(split("1\n2\n3\n")
        == parts{R"(list-1/2 {"u":[1,2]})", R"(list-2/2 {"u":[3]})"});
}

TEST_CASE_METHOD(splitter_fixture, "the only part has the name of the list") {
  CHECK(split("1\n") == parts{R"(list {"u":[1]})"});
}

TEST_CASE_METHOD(splitter_fixture, "the same list again has the same parts") {
  auto first = split("1\n2\n3\n");
  CHECK(split("1\n2\n3\n") == first);
}

TEST_CASE_METHOD(splitter_fixture, "a longer list has more parts") {
  split("1\n2\n3\n");
  CHECK(split("1\n2\n3\n4\n5\n6\n")
        == parts{R"(list-1/2 {"u":[1,2]})", R"(list-2/2 {"u":[3]})",
                 R"(list-3/4 {"u":[4,5]})", R"(list-4/4 {"u":[6]})"});
}

TEST_CASE_METHOD(splitter_fixture, "a list is not cut for another actor") {
  split("1\n");
  request.run.actor = "me/other";
  auto cut = ask<split_result>(start("1\n"), cut_items{});
  CHECK(code_of(cut.error()) == ec::name_conflict);
}

TEST_CASE_METHOD(splitter_fixture, "a dry run stores nothing") {
  auto cut = ask<split_result>(start("1\n2\n3\n"), cut_items{true});
  CHECK(cut.response().parts.size() == 2);
  request.run.actor = "me/other";
  CHECK(split("1\n").size() == 1);
}

TEST_CASE_METHOD(splitter_fixture, "fixed input lies under the template") {
  request.fixed_input = json_text{R"({"u":0,"depth":3})"};
  CHECK(split("1\n") == parts{R"(list {"depth":3,"u":[1]})"});
}

TEST_CASE("requests that make no sense are refused by field") {
  split_request request;
  request.prefix = "x";
  request.run.actor = "a";
  request.input_template = json_text{R"({"$items":"$item"})"};
  CHECK(split_job::make(request, 0));
  auto problem = [&](auto change) {
    auto bad = request;
    change(bad);
    auto job = split_job::make(bad, 0);
    return job ? "" : message_of(job.error());
  };
  CHECK(problem([](auto& x) { x.prefix = "a b"; }).starts_with("prefix"));
  CHECK(problem([](auto& x) {
          x.rules.max_items = 0;
        }).starts_with("rules.maxItems"));
  CHECK(problem([](auto& x) { x.run.actor = ""; }).starts_with("run"));
  CHECK(
    problem([](auto& x) { x.input_template = {}; }).starts_with("template"));
}
