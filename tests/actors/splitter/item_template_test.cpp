#include "actors/splitter/item_template.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

std::string filled(const std::string& shape, std::vector<std::string> items) {
  auto x = item_template::parse(shape);
  REQUIRE(x);
  auto result = std::string{x->head()};
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto mapped = x->map(items[i]);
    REQUIRE(mapped);
    result.append(i > 0 ? x->separator() : "").append(*mapped);
  }
  return result.append(x->tail());
}

bool is_refused(std::string_view shape, std::string_view reason) {
  auto x = item_template::parse(shape);
  return !x && message_of(x.error()).find(reason) != std::string::npos;
}

} // namespace

TEST_CASE("items are mapped by a small document") {
  CHECK(filled(R"({"startUrls": {"$items": {"url": "$item", "id": "$item"}},
                   "depth": 1})",
               {R"("a")", R"("b")"})
        == R"({"startUrls":[{"url":"a","id":"a"},{"url":"b","id":"b"}],)"
           R"("depth":1})");
}

TEST_CASE("items are taken as they are") {
  for (const auto* how : {R"("$item")", "true", R"({"map":"$item"})"})
    CHECK(filled(std::string{R"({"list":{"$items":)"} + how + "}}",
                 {"1", R"({"x":2})"})
          == R"({"list":[1,{"x":2}]})");
  CHECK(filled(R"({"$items":"$item"})", {"1", "2"}) == "[1,2]");
}

TEST_CASE("items are joined to one string") {
  CHECK(filled(R"({"queries":{"$items":{"join":"\n"}}})",
               {R"("a \"b\"")", R"("c")", "3"})
        == R"({"queries":"a \"b\"\nc\n3"})");
}

TEST_CASE("what stands in strings of a template is no place") {
  CHECK(filled(R"({"help":"{\"$items\":1}","x":{"$items":"$item"}})", {"1"})
        == R"({"help":"{\"$items\":1}","x":[1]})");
}

TEST_CASE("a template that says nothing or too much is refused") {
  CHECK(is_refused(R"({"a":1})", "$items"));
  CHECK(is_refused(R"([{"$items":"$item"},{"$items":"$item"}])", "twice"));
  CHECK(is_refused(R"({"$items":{"url":"x"}})", "$item"));
  CHECK(is_refused(R"({"$items":"$item","x":1})", "other fields"));
  CHECK(is_refused("{", "line 1"));
}

TEST_CASE("objects cannot be joined") {
  auto x = item_template::parse(R"({"q":{"$items":{"join":","}}})");
  REQUIRE(x);
  CHECK(!x->map(R"({"a":1})"));
}
