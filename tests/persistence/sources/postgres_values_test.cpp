#include "persistence/sources/postgres_values.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

std::string json_of(postgres_type type, std::string_view text) {
  auto row = row_text::make({"x"});
  REQUIRE(row);
  row->begin();
  add_value(*row, static_cast<unsigned>(type), text);
  return std::string{row->finish()};
}

using pt = postgres_type;

} // namespace

TEST_CASE("values of PostgreSQL keep their type and all their digits") {
  CHECK(json_of(pt::bigint, "-9223372036854775808")
        == R"({"x":-9223372036854775808})");
  CHECK(json_of(pt::numeric, "12345678901234567890.123450")
        == R"({"x":12345678901234567890.123450})");
  CHECK(json_of(pt::numeric, "NaN") == R"({"x":"NaN"})");
  CHECK(json_of(pt::double_precision, "1e+20") == R"({"x":1e+20})");
  CHECK(json_of(pt::double_precision, "-Infinity") == R"({"x":"-Infinity"})");
  CHECK(json_of(pt::boolean, "t") == R"({"x":true})");
  CHECK(json_of(pt::bytes, R"(\x00ff)") == R"({"x":"AP8="})");
  CHECK(json_of(pt::json, "{\"a\":\n 1}") == R"({"x":{"a":1}})");
  CHECK(json_of(pt::jsonb, "1" + std::string(400, '0')).find(R"({"x":"1000)")
        == 0);
  CHECK(json_of(pt::date, "2026-11-28") == R"({"x":"2026-11-28"})");
  CHECK(json_of(pt::text, "7") == R"({"x":"7"})");
}

TEST_CASE("a key is a number or a text") {
  auto cursor = [](pt type, std::string_view text) {
    return key_cursor(static_cast<unsigned>(type), text);
  };
  CHECK(cursor(pt::integer, "7") == "7");
  CHECK(cursor(pt::text, "7") == R"("7")");
  CHECK(cursor(pt::uuid, "00-ff") == R"("00-ff")");
  CHECK_FALSE(cursor(pt::bytes, R"(\x00)"));
  CHECK_FALSE(cursor(pt::jsonb, "{}"));
}
