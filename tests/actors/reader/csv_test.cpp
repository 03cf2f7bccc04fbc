#include "actors/reader/csv.hpp"

#include <catch2/catch.hpp>

using namespace orc;

TEST_CASE("cells in quotes hold commas, quotes and line breaks") {
  auto rows = parse_csv("a,b\r\n\"x,\"\"y\"\"\",\"1\n2\"\r\n");
  CHECK(rows == std::vector<csv_row>{{"a", "b"}, {"x,\"y\"", "1\n2"}});
}

TEST_CASE("a byte order mark is no part of the first title") {
  CHECK(parse_csv("\xEF\xBB\xBF\"a\",b").at(0) == csv_row{"a", "b"});
}

TEST_CASE("empty cells count") {
  CHECK(parse_csv("a,,\n,b,\n")
        == std::vector<csv_row>{{"a", "", ""}, {"", "b", ""}});
}

TEST_CASE("what was printed is read again") {
  csv_row row{"plain", "a,b", "say \"hi\"", "two\nlines", ""};
  CHECK(parse_csv(print_csv(row)).at(0) == row);
}
