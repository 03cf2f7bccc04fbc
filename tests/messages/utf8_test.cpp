#include "messages/base/utf8.hpp"

#include <catch2/catch.hpp>

using namespace orc;

TEST_CASE("UTF-8 has no overlong forms, surrogates or numbers too large") {
  CHECK(is_utf8("aä€😀"));
  auto bad = GENERATE("\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80",
                      "\xF4\x90\x80\x80", "\xFF", "\xC3", "\xE2\x82", "\x80");
  CHECK_FALSE(is_utf8(bad));
}

TEST_CASE("what is no UTF-8 is replaced, the rest stays") {
  CHECK(to_utf8("aä€😀") == "aä€😀");
  CHECK(to_utf8("") == "");
  CHECK(to_utf8("caf\xE9!") == "caf\uFFFD!");
  // One that is cut off is one, whatever follows it.
  CHECK(to_utf8("\xE2\x82x\xE2\x82") == "\uFFFDx\uFFFD");
  CHECK(to_utf8("\xFF\xFE\xF0\x9F\x98\x80") == "\uFFFD\uFFFD😀");
}
