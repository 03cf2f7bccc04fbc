#include "tests/emulator/storage/item_fixture.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace orc::emulator;

namespace {

items_query lines() {
  auto result = items_query{};
  result.format = items_format::jsonl;
  return result;
}

} // namespace

TEST_CASE("a page is an array of the items as they were pushed") {
  const auto f = item_fixture{R"([{"a":1},{"b":[2, 3]},{"c":"x"}])"};

  CHECK(f.page({}) == R"([{"a":1},{"b":[2,3]},{"c":"x"}])");
  CHECK(f.page(lines()) == "{\"a\":1}\n{\"b\":[2,3]}\n{\"c\":\"x\"}\n");
}

TEST_CASE("an empty page is an empty array") {
  const auto f = item_fixture{"[]"};

  CHECK(f.page({}) == "[]");
  CHECK(f.page(lines()).empty());
}

TEST_CASE("offset and limit choose items, from the end with desc") {
  const auto f = item_fixture{R"([{"n":0},{"n":1},{"n":2},{"n":3}])"};
  auto query = items_query{};
  query.offset = 1;
  query.limit = 2;

  CHECK(f.page(query) == R"([{"n":1},{"n":2}])");
  query.desc = true;
  CHECK(f.page(query) == R"([{"n":2},{"n":1}])");
  query.offset = 3;
  CHECK(f.page(query) == R"([{"n":0}])");
  query.offset = 4;
  CHECK(f.page(query) == "[]");
  query.offset = 0;
  query.limit = 0;
  CHECK(f.page(query) == "[]");
}

TEST_CASE("offset and limit count raw items, so a clean page may be short") {
  const auto f
    = item_fixture{R"([{},{"n":1},{"#h":1},{"n":3,"#h":1},{"n":4}])"};
  auto query = items_query{};
  query.skip_empty = query.skip_hidden = true;
  query.limit = 3;

  CHECK(f.page(query) == R"([{"n":1}])");
  query.offset = 3;
  CHECK(f.page(query) == R"([{"n":3},{"n":4}])");
  CHECK(item_page{f.data, query}.count() == 2);
  CHECK(f.data->items().clean_size() == 3);
}

TEST_CASE("skipEmpty alone keeps items that only hide their fields") {
  const auto f = item_fixture{R"([{},{"#h":1},{"n":1}])"};
  auto query = items_query{};
  query.skip_empty = true;

  CHECK(f.page(query) == R"([{"#h":1},{"n":1}])");
  query.skip_empty = false;
  query.skip_hidden = true;
  CHECK(f.page(query) == R"([{},{},{"n":1}])");
}

TEST_CASE("a byte order mark comes when asked for") {
  const auto f = item_fixture{R"({"a":1})"};
  auto query = items_query{};
  query.bom = true;

  CHECK(f.page(query) == "\xEF\xBB\xBF[{\"a\":1}]");
}

TEST_CASE("pieces of a page are the page") {
  auto items = std::string{"["};
  for (auto i = 0; i < 500; ++i)
    items += std::string{i % 7 == 0 ? R"({"#h":1,"n":)" : R"({"n":)"}
             + std::to_string(i) + (i == 499 ? "}]" : "},");
  const auto f = item_fixture{items};
  auto query = items_query{};
  query.skip_hidden = GENERATE(false, true);
  query.desc = GENERATE(false, true);
  query.format = GENERATE(items_format::json, items_format::jsonl,
                          items_format::csv, items_format::xml);

  const auto whole = f.page(query);

  CHECK(f.page(query, 1) == whole);
  CHECK(f.page(query, 100) == whole);
}

TEST_CASE("items in many blocks keep their order") {
  const auto item = R"({"text":")" + std::string(300'000, 'x') + R"("})";
  auto f = item_fixture{"[]"};
  auto expected = std::string{};
  for (auto i = 0; i < 10; ++i) {
    f.data->push(parse_items(item));
    f.data->push(parse_items(R"({"n":)" + std::to_string(i) + '}'));
    expected += item + "\n{\"n\":" + std::to_string(i) + "}\n";
  }

  CHECK(f.page(lines()) == expected);
}

TEST_CASE("counts lag behind as on the platform") {
  auto f = item_fixture{R"({"a":1})"};

  CHECK(f.data->lagging_count(std::chrono::seconds{0}) == 1);
  CHECK(f.data->lagging_count(std::chrono::seconds{5}) == 0);
}
