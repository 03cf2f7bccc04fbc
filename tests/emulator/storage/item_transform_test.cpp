#include "tests/emulator/storage/item_fixture.hpp"

#include <catch2/catch.hpp>

using namespace orc::emulator;

namespace {

using names = std::vector<std::string>;

} // namespace

TEST_CASE("fields picks fields in its own order") {
  const auto f = item_fixture{R"([{"a":1,"b":2,"c":3},{"c":4}])"};
  auto query = items_query{};
  query.fields = {"c", "a"};

  CHECK(f.page(query) == R"([{"c":3,"a":1},{"c":4}])");
}

TEST_CASE("fields reaches into objects by dots") {
  const auto f
    = item_fixture{R"([{"a":{"b":{"c":1,"d":2}},"x":0},{"a":1},{"a.b.c":5}])"};
  auto query = items_query{};
  query.fields = {"a.b.c"};

  CHECK(f.page(query) == R"([{"a":{"b":{"c":1}}},{},{"a.b.c":5}])");
}

TEST_CASE("an item that loses all its fields is empty") {
  const auto f = item_fixture{R"([{"a":1},{"b":2}])"};
  auto query = items_query{};
  query.fields = {"b"};
  query.skip_empty = true;

  CHECK(f.page(query) == R"([{"b":2}])");
}

TEST_CASE("outputFields renames fields by their position") {
  const auto f = item_fixture{R"([{"a":1,"b":2},{"b":3},{"d":{"e":4}}])"};
  auto query = items_query{};
  query.fields = {"a", "b", "d.e"};
  query.output_fields = {"b", "a", "x"};

  CHECK(f.page(query) == R"([{"b":1,"a":2},{"a":3},{"x":4}])");
}

TEST_CASE("omit removes fields, nested ones too") {
  const auto f = item_fixture{R"([{"a":1,"b":{"c":2,"d":3}}])"};
  auto query = items_query{};
  query.omit = {"a", "b.c", "unknown", "a.b"};

  CHECK(f.page(query) == R"([{"b":{"d":3}}])");
}

TEST_CASE("unwind makes an item of each element and merges objects") {
  const auto f = item_fixture{
    R"([{"n":1,"r":[{"x":1},{"x":2,"n":9}]},{"n":2,"r":{"x":3}}])"};
  auto query = items_query{};
  query.unwind = {"r"};

  CHECK(f.page(query) == R"([{"n":1,"x":1},{"n":9,"x":2},{"n":2,"x":3}])");
}

TEST_CASE("unwind keeps items that have nothing to unwind") {
  const auto f
    = item_fixture{R"([{"n":1},{"n":2,"r":"text"},{"n":3,"r":[5,6]}])"};
  auto query = items_query{};
  query.unwind = {"r"};

  CHECK(f.page(query)
        == R"([{"n":1},{"n":2,"r":"text"},{"n":3,"r":5},{"n":3,"r":6}])");
}

TEST_CASE("unwind takes several fields, one after the other") {
  const auto f = item_fixture{R"([{"a":[1,2],"b":[{"c":3},{"c":4}]}])"};
  auto query = items_query{};
  query.unwind = {"a", "b"};

  CHECK(f.page(query)
        == R"([{"a":1,"c":3},{"a":1,"c":4},{"a":2,"c":3},{"a":2,"c":4}])");
}

TEST_CASE("unwound items keep their order under desc, and count as one") {
  const auto f = item_fixture{R"([{"r":[1,2]},{"r":[3,4]},{"r":[5]}])"};
  auto query = items_query{};
  query.unwind = {"r"};
  query.desc = true;
  query.limit = 2;

  CHECK(f.page(query) == R"([{"r":5},{"r":3},{"r":4}])");
}

TEST_CASE("flatten turns objects into dotted names") {
  const auto f
    = item_fixture{R"([{"a":{"b":"x","c":{"d":[1]}},"e":{"f":2}},{"a":1}])"};
  auto query = items_query{};
  query.flatten = {"a"};

  CHECK(f.page(query) == R"([{"a.b":"x","a.c.d":[1],"e":{"f":2}},{"a":1}])");
}

TEST_CASE("simplified results come of fields and unwind together") {
  const auto f = item_fixture{
    R"([{"url":"u","pageFunctionResult":[{"a":1}],"x":0},{"url":"v"}])"};
  auto query = items_query{};
  query.fields = names{"url", "pageFunctionResult", "errorInfo"};
  query.unwind = names{"pageFunctionResult"};

  CHECK(f.page(query) == R"([{"url":"u","a":1},{"url":"v"}])");
}

TEST_CASE("skipFailedPages drops items with errorInfo") {
  const auto f = item_fixture{R"([{"errorInfo":{}},{"a":1}])"};
  auto query = items_query{};
  query.skip_failed_pages = true;

  CHECK(f.page(query) == R"([{"a":1}])");
}

TEST_CASE("hidden fields are hidden at the top only") {
  const auto f = item_fixture{R"([{"#a":1,"b":{"#c":2}}])"};
  auto query = items_query{};
  query.skip_hidden = true;

  CHECK(f.page(query) == R"([{"b":{"#c":2}}])");
}
