#include "messages/json/read_document.hpp"

#include <catch2/catch.hpp>

using orc::json::read_document;

namespace {

/// @returns the only number of `text`; the test fails if there is none.
rapidjson::Value number(std::string_view text) {
  rapidjson::Document x;
  REQUIRE_FALSE(read_document(text, x));
  REQUIRE(x.IsNumber());
  return rapidjson::Value{static_cast<const rapidjson::Value&>(x),
                          x.GetAllocator()};
}

std::string what(std::string_view text) {
  rapidjson::Document x;
  auto problem = read_document(text, x);
  return problem ? problem->what : "nothing";
}

} // namespace

TEST_CASE("a number keeps its kind and its value") {
  CHECK(number("-7").GetInt() == -7);
  CHECK(number("4294967295").GetUint() == 4294967295);
  CHECK(number("-9223372036854775808").GetInt64()
        == std::numeric_limits<std::int64_t>::min());
  CHECK(number("18446744073709551615").GetUint64()
        == std::numeric_limits<std::uint64_t>::max());
  CHECK(number("18446744073709551616").GetDouble() == 18446744073709551616.0);
  CHECK_FALSE(number("1.0").IsInt());
  CHECK(number("0.1").GetDouble() == 0.1);
  CHECK(number("1e0").GetDouble() == 1);
  // Between two doubles; a reader that rounds as it goes takes the other one.
  CHECK(number("9007199254740993.0").GetDouble() == 9007199254740992.0);
  CHECK(number("0E88").GetDouble() == 0);
}

TEST_CASE("a number too small for a double is 0, one too large no number") {
  CHECK(number("1e-400").GetDouble() == 0);
  CHECK(number("4.9e-324").GetDouble() > 0);
  CHECK(what("1e400") == "Number too big to be stored in double.");
  // Neither the digits nor the exponent are too much alone.
  auto digits = "1" + std::string(200, '0');
  CHECK(what(digits + ".0e300") == "Number too big to be stored in double.");
  CHECK(what("[-" + digits + ".5e300]")
        == "Number too big to be stored in double.");
  CHECK(number("0." + std::string(300, '0') + "1e301").GetDouble() == 1);
}

TEST_CASE("what is no JSON says where, and leaves no document") {
  rapidjson::Document x;
  auto problem = read_document(R"({"a": 1, "b": nil})", x);
  REQUIRE(problem);
  CHECK(problem->offset == 15);
  CHECK(x.IsNull());
  CHECK(what("\"\xff\"") == "Invalid encoding in string.");
  CHECK(what("1 2")
        == "The document root must not be followed by other values.");
  CHECK(what("") == "The document is empty.");
}

TEST_CASE("a document of a million brackets is read") {
  auto depth = std::size_t{1'000'000};
  rapidjson::Document x;
  CHECK_FALSE(
    read_document(std::string(depth, '[') + std::string(depth, ']'), x));
  CHECK(read_document(std::string(depth, '['), x));
}
