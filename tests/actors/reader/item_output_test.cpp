#include "actors/reader/item_output.hpp"
#include "messages/base/error.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

items_page make_page(std::string text) {
  items_page result;
  result.body = json_text{std::move(text)};
  return result;
}

std::string merge(output_format format, std::vector<std::string> pages,
                  item_filter filter = {{}, {}}, bool streamed = false) {
  std::string result;
  auto out = make_item_output(format, streamed, ',');
  for (auto& page : pages) {
    auto piece = out->add(make_page(std::move(page)), filter);
    REQUIRE(piece);
    result += piece->text.view();
  }
  while (auto rest = out->finish())
    result += *rest;
  return result;
}

} // namespace

TEST_CASE("pages of lines are joined line by line") {
  CHECK(
    merge(output_format::ndjson, {"{\"a\":1}\n{\"a\":2}", "", "{\"a\":3}\n"})
    == "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
}

TEST_CASE("lines go on as they are where nothing asks what is in them") {
  item_filter filter{{}, {}};
  auto page = make_page("{\"a\" : 1}\r\n");
  page.count = 1;
  auto piece
    = make_item_output(output_format::ndjson, false, ',')->add(page, filter);
  REQUIRE(piece);
  CHECK(piece->text.view().data() == page.body.view().data());
  CHECK(piece->items == 1);
}

TEST_CASE("pages become one array") {
  CHECK(merge(output_format::json, {"1\n2\n", "", "3"}) == "[1,\n2,\n3]\n");
  CHECK(merge(output_format::json, {}) == "[]\n");
}

TEST_CASE("tables with other columns become one table with all of them") {
  CHECK(merge(output_format::csv, {"a,b\n1,2\n", "b,c\n3,\"4,5\"\n", ""})
        == "a,b,c\n1,2,\n,3,\"4,5\"\n");
  CHECK(merge(output_format::csv, {}) == "");
}

TEST_CASE("a table that is waited for has the columns of its first page") {
  CHECK(merge(output_format::csv, {"", "a\n1\n", "a\n2\n"}, {{}, {}}, true)
        == "a\n1\n2\n");
  item_filter filter{{}, {}};
  auto out = make_item_output(output_format::csv, true, ',');
  REQUIRE(out->add(make_page("a\n1\n"), filter));
  auto other = out->add(make_page("b\n1\n"), filter);
  REQUIRE(!other);
  CHECK(message_of(other.error()).find("`fields`") != std::string::npos);
}

TEST_CASE("all formats leave out what a filter does") {
  CHECK(merge(output_format::ndjson, {"{\"a\":1}\n{\"a\":1}\n{\"a\":2}\n"},
              {{"a"}, {}})
        == "{\"a\":1}\n{\"a\":2}\n");
  CHECK(merge(output_format::json, {"{\"a\":1}\n{\"a\":1}\n", "{\"a\":2}\n"},
              {{"a"}, {}})
        == "[{\"a\":1},\n{\"a\":2}]\n");
  CHECK(merge(output_format::csv, {"b,a\n1,1\n2,1\n3,2\n"}, {{"a"}, {}})
        == "b,a\n1,1\n3,2\n");
  CHECK(merge(output_format::json, {"1\n2\n3\n"}, {{}, 2}) == "[1,\n2]\n");
}

TEST_CASE("cells are divided as asked for") {
  item_filter filter{{}, {}};
  auto out = make_item_output(output_format::csv, false, ';');
  REQUIRE(out->add(make_page("a,b\n\"1,5\",2;3\n"), filter));
  CHECK(out->finish() == "a;b\n1,5;\"2;3\"\n");
}
