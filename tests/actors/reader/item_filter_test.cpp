#include "actors/reader/item_filter.hpp"
#include "messages/base/error.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

bool passes(item_filter& x, std::string_view item) {
  auto result = x.pass(item);
  REQUIRE(result);
  return *result;
}

} // namespace

TEST_CASE("items whose fields were seen before are left out") {
  item_filter x{{"a", "b.c"}, {}};
  CHECK(passes(x, R"({"a":1,"b":{"c":2}})"));
  CHECK(!passes(x, R"({"b": {"d": 9, "c": 2}, "a": 1, "e": 5})"));
  CHECK(passes(x, R"({"a":1,"b":{"c":3}})"));
  CHECK(passes(x, R"({"a":"1","b":{"c":2}})"));
  // A missing field differs from all values.
  CHECK(passes(x, R"({"a":1})"));
  CHECK(!passes(x, R"({"a":1,"b":{}})"));
}

TEST_CASE("a field of the whole name goes before a path") {
  item_filter x{{"a.b"}, {}};
  CHECK(passes(x, R"({"a.b":1,"a":{"b":2}})"));
  CHECK(!passes(x, R"({"a":{"b":1}})"));
}

TEST_CASE("items that have none of the fields all pass") {
  item_filter x{{"a"}, {}};
  CHECK(passes(x, R"({"b":1})"));
  CHECK(passes(x, R"({"b":1})"));
  CHECK(passes(x, "7"));
}

TEST_CASE("a limit counts what passes") {
  item_filter x{{"a"}, 2};
  CHECK(passes(x, R"({"a":1})"));
  CHECK(!passes(x, R"({"a":1})"));
  CHECK(!x.is_used_up());
  CHECK(passes(x, R"({"a":2})"));
  CHECK(x.is_used_up());
  CHECK(!passes(x, R"({"a":3})"));
}

TEST_CASE("what is remembered does not pass, and counts for no limit") {
  item_filter x{{"a"}, 1};
  CHECK(!x.remember(R"({"a":1})"));
  CHECK(!passes(x, R"({"a":1})"));
  CHECK(passes(x, R"({"a":2})"));
}

TEST_CASE("an item that is no JSON is an error") {
  item_filter x{{"a"}, {}};
  auto result = x.pass("{\"a\":");
  REQUIRE(!result);
  CHECK(code_of(result.error()) == ec::bad_json);
}
