#include "persistence/sources/sql_text.hpp"

#include <catch2/catch.hpp>

using namespace orc;

TEST_CASE("parameters of a query are numbered, casts are left alone") {
  auto x = number_parameters("SELECT id FROM t WHERE id > :cursor::bigint AND "
                             "b <> :cursor ORDER BY id LIMIT :size");

  CHECK(x.text
        == "SELECT id FROM t WHERE id > $2::bigint AND b <> $2 ORDER BY "
           "id LIMIT $1");
  CHECK(x.has_cursor);
  CHECK(x.has_size);
}

TEST_CASE("what is quoted or commented out is no parameter") {
  for (auto text :
       {"SELECT ':cursor', 'it''s :size'", "SELECT \":cursor\"",
        "SELECT E'\\':size'", "SELECT $$:cursor$$, $a$ :size $$ :size $a$",
        "SELECT 1 -- :cursor", "SELECT 1 /* :size /* :cursor */ :size */",
        "SELECT a::cursor", "SELECT :cursors, :size_, :x", "SELECT 'open :size",
        "SELECT a$1:b, E'", "/*", "$", ":"}) {
    auto x = number_parameters(text);
    CHECK(x.text == text);
    CHECK_FALSE(x.has_cursor);
    CHECK_FALSE(x.has_size);
  }
  CHECK(number_parameters("SELECT 'a' < :cursor --\n, :size").text
        == "SELECT 'a' < $2 --\n, $1");
  CHECK(number_parameters("SELECT name'\\', :size").text
        == "SELECT name'\\', $1");
}

TEST_CASE("names are quoted, schema and table apart") {
  CHECK(quote_name("shop.products") == R"("shop"."products")");
  CHECK(quote_name(R"(a"b)") == R"("a""b")");
}

TEST_CASE(
  "a table becomes two queries: from the beginning, and from a key on") {
  walk_source source;
  source.table = "products";
  source.key = "id";
  auto all = make_table_queries(source);
  CHECK(all.first
        == R"(SELECT *, "id" FROM "products" ORDER BY "id" LIMIT )"
           ":size");
  CHECK(all.next
        == R"(SELECT *, "id" FROM "products" WHERE "id" > :cursor ORDER BY )"
           R"("id" LIMIT :size)");

  source.columns = {"name"};
  source.where = "price > 1 -- dear";
  CHECK(make_table_queries(source).next
        == R"(SELECT "name", "id" FROM "products" WHERE "id" > :cursor AND )"
           "(price > 1 -- dear\n) ORDER BY \"id\" LIMIT :size");
}
