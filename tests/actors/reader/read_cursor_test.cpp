#include "actors/reader/read_cursor.hpp"
#include "messages/base/error.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

const std::vector<item_origin> origins{
  {"default", "a/1-2.x", ""}, {"default", "b", ""}, {"default", "", "u~d"}};

read_cursor make_cursor() {
  read_cursor x;
  x.at = {{{}, 0, true}, {mark_of("d-1.2"), 17, false}, {}};
  x.skip = 3;
  return x;
}

} // namespace

TEST_CASE("a cursor is the same after it was text") {
  auto again = read_cursor::parse(make_cursor().print(origins), origins);
  REQUIRE(again);
  CHECK(*again == make_cursor());
}

TEST_CASE("a cursor needs no escapes in a URL") {
  auto text = make_cursor().print(origins);
  CHECK(text.find_first_not_of("0123456789abcdef.-") == std::string::npos);
}

TEST_CASE("a cursor is refused for other origins") {
  auto others = origins;
  std::swap(others[0], others[1]);
  auto result = read_cursor::parse(make_cursor().print(origins), others);
  REQUIRE(!result);
  CHECK(code_of(result.error()) == ec::bad_field);
  CHECK(message_of(result.error()).starts_with("cursor: is of other runs"));
}

TEST_CASE("what is no cursor is refused") {
  auto good = make_cursor().print(origins);
  auto fingerprint = good.substr(0, 18);
  for (const auto& text :
       {std::string{"x"}, std::string{"1"}, fingerprint + ".9.0",
        fingerprint + ".0.", fingerprint + ".0.0.7-1-a",
        fingerprint + ".0.0.1-x", good.substr(1)})
    CHECK(!read_cursor::parse(text, origins));
}
