#include "app/text/amounts.hpp"
#include "app/text/nearest.hpp"
#include "app/text/table.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::app;

TEST_CASE("columns are as wide as their widest cell") {
  table out{{{"A"}, {"N", table::align::right}}};
  out.add({"long", "1"});
  out.add({"x", "100"});
  CHECK(out.lines()
        == std::vector<std::string>{"A       N", "long    1", "x     100"});
}

TEST_CASE("a column that may gives way on a narrow screen") {
  table out{{{"A"}, {"B", table::align::left, 3}}};
  out.add({"abc", "a long text"});
  for (const auto& line : out.lines(10))
    CHECK(width_of(line) <= 10);
  CHECK(out.lines(10).back() == "abc  a lo…");
}

TEST_CASE("nobody's text moves the cursor") {
  CHECK(fit("a\x1b[2Jb\n", 80) == "a [2Jb ");
}

TEST_CASE("characters of several bytes are cut as one") {
  CHECK(fit("äöüß", 3) == "äö…");
  CHECK(width_of("äöüß") == 4);
}

TEST_CASE("amounts are short") {
  using namespace std::chrono_literals;
  CHECK(print_duration(420ms) == "0.4s");
  CHECK(print_duration(12s) == "12s");
  CHECK(print_duration(185s) == "3m05s");
  CHECK(print_duration(8040s) == "2h14m");
  CHECK(print_usd(0.0123) == "$0.0123");
  CHECK(print_usd(0) == "$0");
  CHECK(print_memory(mebibytes{4096}) == "4 GB");
  CHECK(print_memory(mebibytes{512}) == "512 MB");
  CHECK(print_count(1'234'567) == "1,234,567");
  CHECK(print_count(1, "run") == "1 run");
}

TEST_CASE("a slip of the pen finds its word") {
  CHECK(nearest("statsu", {"status", "wait", "abort"}) == "status");
  CHECK(nearest("frobnicate", {"status", "wait"}) == "");
}
