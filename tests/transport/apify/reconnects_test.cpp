#include "transport/apify/reconnects.hpp"

#include <catch2/catch.hpp>

using namespace orc::apify;
using namespace std::chrono_literals;

TEST_CASE("a connection that lived is opened again at once") {
  reconnects x;
  CHECK(x.after(1006, 1s) == 0ms);
  CHECK(x.after(1001, 1h) == 0ms);
}

TEST_CASE("pauses grow while connections fail, up to 16 s") {
  reconnects x;
  CHECK(x.after(1006, {}) == 500ms);
  CHECK(x.after(1006, 10ms) == 1000ms);
  for (int i = 0; i < 10; ++i)
    x.after(1006, {});
  CHECK(x.after(1006, {}) == 16s);
  CHECK(x.after(1006, 2s) == 0ms);
  CHECK(x.after(1006, {}) == 500ms);
}

TEST_CASE("what the platform closed for good stays closed") {
  reconnects x;
  for (std::uint16_t code : {1000, 1002, 1003, 1007, 1008, 1010})
    CHECK_FALSE(x.after(code, 1h));
}
