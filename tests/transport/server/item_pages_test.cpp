#include "transport/server/item_pages.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::server;

namespace {

items_page page(std::string body, std::uint64_t count, std::uint64_t total) {
  return {json_text{std::move(body)}, count, total};
}

} // namespace

TEST_CASE("pages are joined to one JSON array") {
  item_pages pages{{}, 2};
  CHECK(*pages.accept(page("{\"a\":1}\n{\"a\":2}\n", 2, 3))
        == "[{\"a\":1},\n{\"a\":2}");
  CHECK(pages.next()->offset == 2);
  CHECK(*pages.accept(page("{\"a\":3}\n", 1, 3)) == ",\n{\"a\":3}");
  CHECK(!pages.next());
  CHECK(pages.finish() == "]\n");
}

TEST_CASE("no items are an empty JSON array") {
  item_pages pages{{}, 2};
  CHECK(*pages.accept(page("", 0, 0)) == "[");
  CHECK(pages.finish() == "]\n");
  item_pages none{{item_format::json, 0, 0, ""}, 2};
  CHECK(!none.next());
  CHECK(none.finish() == "[]\n");
}

TEST_CASE("a full page is never the last, whatever the total says") {
  item_pages pages{{item_format::jsonl, 0, {}, ""}, 2};
  CHECK(*pages.accept(page("1\n2\n", 2, 1)) == "1\n2\n");
  REQUIRE(pages.next());
  CHECK(pages.next()->offset == 2);
}

TEST_CASE("a page that a filter made short is not the last") {
  item_pages pages{{item_format::jsonl, 0, {}, "clean=1"}, 2};
  CHECK(*pages.accept(page("1\n", 1, 5)) == "1\n");
  CHECK(pages.next()->offset == 2);
  CHECK(pages.next()->query == "clean=1");
}

TEST_CASE("offset and limit are kept") {
  item_pages pages{{item_format::jsonl, 10, 3, ""}, 2};
  CHECK(pages.next()->offset == 10);
  CHECK(pages.next()->limit == 2);
  CHECK(pages.accept(page("1\n2\n", 2, 99)));
  CHECK(pages.next()->offset == 12);
  CHECK(pages.next()->limit == 1);
  CHECK(pages.accept(page("3", 1, 99)).value() == "3\n");
  CHECK(!pages.next());
}

TEST_CASE("the columns of CSV are named once") {
  item_pages pages{{item_format::csv, 0, {}, ""}, 2};
  CHECK(*pages.accept(page("a,b\n1,2\n3,4", 2, 3)) == "a,b\n1,2\n3,4\n");
  CHECK(*pages.accept(page("a,b\n5,6\n", 1, 3)) == "5,6\n");
  CHECK(pages.finish().empty());
}

TEST_CASE("CSV whose columns change is an error, not a wrong table") {
  item_pages pages{{item_format::csv, 0, {}, ""}, 2};
  CHECK(pages.accept(page("a,b\n1,2\n3,4\n", 2, 3)));
  CHECK(!pages.accept(page("a,c\n5,6\n", 1, 3)));
}
