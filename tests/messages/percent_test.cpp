#include "messages/base/percent.hpp"

#include <catch2/catch.hpp>

using namespace orc;

TEST_CASE("what a URL does not have anywhere is escaped, byte for byte") {
  CHECK(percent_encode("") == "");
  CHECK(percent_encode("aZ09-._~") == "aZ09-._~");
  CHECK(percent_encode("a/b c#\xC5\xBE") == "a%2Fb%20c%23%C5%BE");
}

TEST_CASE("some characters may stay besides") {
  CHECK(percent_encode("a/b c:d", "/:") == "a/b%20c:d");
}
