#include "actors/budget/amount_text.hpp"

#include <catch2/catch.hpp>

using namespace orc;

TEST_CASE("an amount has two digits, and those that tell it from nothing") {
  CHECK(print_amount(0) == "0.00");
  CHECK(print_amount(0.4) == "0.40");
  CHECK(print_amount(12.345) == "12.35");
  CHECK(print_amount(0.0123) == "0.01");
  CHECK(print_amount(0.0031) == "0.0031");
  CHECK(print_amount(0.00002) == "0.000020");
  CHECK(print_amount(0.000000001) == "0.000000001");
}
