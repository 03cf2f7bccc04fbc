#include "emulator/api/context.hpp"
#include "emulator/storage/item_parser.hpp"
#include "emulator/storage/item_store.hpp"

#include <catch2/catch.hpp>

using namespace orc::emulator;

namespace {

std::string refusal_of(std::string_view json) {
  try {
    parse_items(json);
  } catch (const api_error& error) {
    return std::to_string(error.status) + ' ' + error.type + ": "
           + error.message;
  }
  return "accepted";
}

} // namespace

TEST_CASE("a push takes one object or an array of objects") {
  CHECK(parse_items(R"({"a":1})").items.size() == 1);
  CHECK(parse_items(R"([{"a":1},{"b":[{"c":{}}]}])").items.size() == 2);
  CHECK(parse_items("[]").items.empty());
}

TEST_CASE("items lose their white space and nothing else") {
  const auto items = parse_items(" [ {\n\t\"a b\" : [ 1.50, -0, 1e300 , "
                                 "12345678901234567890123 ] , \"\\u00e9\\n\" :"
                                 " null } ] ");

  REQUIRE(items.items.size() == 1);
  CHECK(items[0]
        == R"({"a b":[1.50,-0,1e300,12345678901234567890123],"é\n":null})");
}

TEST_CASE("what is no JSON is refused and says where") {
  CHECK(refusal_of("[{\"a\":1},{\"b\":]")
        == "400 invalid-input: The request body is not valid JSON: Invalid "
           "value. (at byte 14)");
  CHECK(refusal_of("").find("400 invalid-input") == 0);
  CHECK(refusal_of("{} {}").find("400 invalid-input") == 0);
  CHECK(refusal_of("[{\"a\":\"\xff\"}]").find("400 invalid-input") == 0);
}

TEST_CASE("one item that is no object refuses the push and is named") {
  CHECK(refusal_of(R"([{"a":1},2])").find("Item 1 is not an object")
        != std::string::npos);
  CHECK(refusal_of("[[{}]]").find("Item 0") != std::string::npos);
  CHECK(refusal_of("null").find("Item 0") != std::string::npos);
  CHECK(refusal_of("\"x\"").find("Item 0") != std::string::npos);
}

TEST_CASE("a push notes what is empty and what is hidden") {
  const auto items
    = parse_items(R"([{"a":1},{},{"#a":1},{"#a":1,"b":{"#c":1}}])");

  CHECK(items.items[0].flags == plain_item);
  CHECK(items.items[1].flags == empty_item);
  CHECK(items.items[2].flags == (item_with_hidden | hidden_only_item));
  CHECK(items.items[3].flags == item_with_hidden);
}
