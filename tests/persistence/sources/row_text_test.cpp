#include "persistence/sources/row_key.hpp"
#include "persistence/sources/row_text.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace orc;

TEST_CASE("a row is an object of its columns") {
  auto row = row_text::make({"a", "b\"", "c", "d", "e", "f"});
  REQUIRE(row);

  row->begin();
  row->add_integer(std::numeric_limits<std::int64_t>::min());
  row->add_real(0.1);
  row->add_real(-std::numeric_limits<double>::infinity());
  row->add_text("x\n\"\x01");
  row->add_bytes(std::string_view{"\0\xFF", 2});
  row->add_json("null");

  CHECK(row->finish()
        == R"({"a":-9223372036854775808,"b\"":0.1,"c":"-Infinity",)"
           R"("d":"x\n\"\u0001","e":"AP8=","f":null})");
}

TEST_CASE("two columns of one name are an error") {
  auto row = row_text::make({"a", "b", "a"});
  REQUIRE(!row);
  CHECK(message_of(row.error()).find("two columns are named `a`") == 0);
}

TEST_CASE("what is no UTF-8 becomes a replacement character") {
  CHECK(quote_text("a\xFF"
                   "b\xC3")
        == "\"a\xEF\xBF\xBD"
           "b\xEF\xBF\xBD\"");
  CHECK(quote_text("\xED\xA0\x80\xC0\x80\xF5")
        == "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
           "\xEF\xBF\xBD\"");
  CHECK(quote_text("a\xE2\x82\xAC\xF0\x9F\x98\x80")
        == "\"a\xE2\x82\xAC\xF0\x9F\x98\x80\"");
}

TEST_CASE("keys keep their type in a cursor") {
  for (auto cursor : {"7", "-9223372036854775808", "0.5", "1e+300", R"("7")",
                      R"("a\"b\n")", R"("")"}) {
    auto key = read_key(cursor);
    REQUIRE(key);
    CHECK(cursor_of(*key) == cursor);
  }
  CHECK(std::holds_alternative<std::int64_t>(*read_key("7")));
  CHECK(std::holds_alternative<std::string>(*read_key(R"("7")")));
}

TEST_CASE("a cursor that is no key is an error") {
  for (auto cursor : {"x", "null", "\"x", "1,2", "\"a\",\"key\":\"b\"", "{}"})
    CHECK(!read_key(cursor));
}
