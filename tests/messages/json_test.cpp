#include "messages/base/error.hpp"
#include "messages/json/json.hpp"

#include <catch2/catch.hpp>

using namespace orc;

TEST_CASE("an object contains its fields, in any order") {
  CHECK(json_contains(R"({"b": [1, 2], "a": 1.0})", R"({"a":1.0,"b":[1,2]})"));
  CHECK(json_contains(R"({"a":1,"b":2})", R"({"b":2})"));
  CHECK_FALSE(json_contains(R"({"b":2})", R"({"a":1,"b":2})"));
  CHECK_FALSE(json_contains(R"({"a":1})", R"({"a":2})"));
}

TEST_CASE("a document contains itself, even if a name stands in it twice") {
  CHECK(json_contains(R"({ "a": 1, "a": 2 })", R"({"a":1,"a":2})"));
  CHECK(json_contains(R"([{"a":1,"a":2}])", R"([{"a":1,"a":2}])"));
}

TEST_CASE("what is no JSON contains nothing") {
  CHECK_FALSE(json_contains("{", "{"));
  CHECK_FALSE(json_contains("", ""));
}

TEST_CASE("what is passed on can be read: a number that is too large cannot") {
  auto big = "[1" + std::string(60, '0') + ".0e300]";
  auto problem = minify_json(big);
  REQUIRE(!problem);
  CHECK(message_of(problem.error()).find("Number too big")
        != std::string::npos);
  CHECK_FALSE(json_contains(big, big));
  CHECK(*minify_json("[ 1.50, 1e-400 ]") == "[1.50,1e-400]");
}
