// Against a real server: tests/support/postgres.py starts one and this program.

#include "persistence/sources/postgres_pages.hpp"
#include "tests/support/pages.hpp"

#include <cstdlib>
#include <libpq-fe.h>

using namespace orc;
using namespace orc::test;

namespace {

std::string url() {
  const auto* result = std::getenv("ORC_POSTGRES_URL");
  REQUIRE(result);
  return result;
}

void run(const std::string& sql) {
  auto* connection = PQconnectdb(url().c_str());
  PQsetNoticeProcessor(
    connection, [](void*, const char*) {}, nullptr);
  auto* done = PQexec(connection, sql.c_str());
  auto status = PQresultStatus(done);
  INFO(PQerrorMessage(connection));
  CHECK((status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK));
  PQclear(done);
  PQfinish(connection);
}

walk_source query(std::string sql) {
  walk_source result;
  result.kind = source_kind::postgres;
  result.url = secret{url()};
  result.query = std::move(sql);
  return result;
}

walk_source table(std::string name, std::string key) {
  auto result = query("");
  result.table = std::move(name);
  result.key = std::move(key);
  return result;
}

std::unique_ptr<page_reader> open(const walk_source& source) {
  auto opened = open_postgres_pages(source);
  if (!opened)
    FAIL(message_of(opened.error()));
  return std::move(*opened);
}

std::string why_not(const walk_source& source, bool passes = false) {
  auto rows = open(source);
  auto page = rows->read({"", 2});
  REQUIRE(!page);
  CHECK(is_passing(page.error()) == passes);
  CHECK(message_of(page.error()).find("s3cret") == std::string::npos);
  return message_of(page.error());
}

constexpr auto by_id
  = "SELECT id, name FROM t WHERE id > :cursor ORDER BY id LIMIT :size";

void make_table(const std::string& type, const std::string& values) {
  run("DROP TABLE IF EXISTS t; CREATE TABLE t (id " + type
      + ", name text); INSERT INTO t VALUES " + values);
}

} // namespace

TEST_CASE("a query of PostgreSQL is read page by page, by its key") {
  make_table("bigint PRIMARY KEY", "(-3, 'a'), (0, 'b'), (1, 'c'), (9, NULL), "
                                   "(9223372036854775807, 'e')");
  auto rows = open(query(by_id));

  auto pages = walk(*rows, 2);

  REQUIRE(pages.size() == 3);
  CHECK(items_of(pages[0])
        == strings{R"({"id":-3,"name":"a"})", R"({"id":0,"name":"b"})"});
  CHECK(pages[0].next == "0");
  CHECK(items_of(pages[1])
        == strings{R"({"id":1,"name":"c"})", R"({"id":9,"name":null})"});
  CHECK(items_of(pages[2])
        == strings{R"({"id":9223372036854775807,"name":"e"})"});
  CHECK(walk(*rows, 5).size() == 1);
  auto again = open(query(by_id));
  CHECK(items_of(read_page(*again, "1", 1))
        == strings{R"({"id":9,"name":null})"});
}

TEST_CASE("keys of PostgreSQL are compared by their type") {
  make_table("text PRIMARY KEY", "('10', 'a'), ('9', 'b'), ('it''s', 'c')");
  auto texts = open(query(by_id));
  auto pages = walk(*texts, 1);
  CHECK(items_of(pages).front() == R"({"id":"10","name":"a"})");
  CHECK(pages.size() == 3);
  CHECK(pages.front().next == R"("10")");

  make_table("numeric PRIMARY KEY",
             "(-1.5, 'a'), (2, 'b'), (12345678901234567890.5, 'c'), (10, 'd')");
  auto numbers = open(query(by_id));
  auto exact = walk(*numbers, 1);
  CHECK(exact.size() == 4);
  CHECK(items_of(exact).back()
        == R"({"id":12345678901234567890.5,"name":"c"})");

  make_table("timestamptz PRIMARY KEY",
             "('2026-11-28 10:00:00.000001+00', 'a'), "
             "('2026-11-28 10:00:00.000002+00', 'b'), ('infinity', 'c')");
  auto times = open(query(by_id));
  CHECK(walk(*times, 1).size() == 3);

  make_table("uuid PRIMARY KEY",
             "('00000000-0000-0000-0000-000000000001', 'a'), "
             "('f0000000-0000-0000-0000-000000000000', 'b')");
  auto uuids = open(query(by_id));
  CHECK(walk(*uuids, 1).size() == 2);

  make_table("interval PRIMARY KEY", "('1 day', 'a')");
  CHECK(why_not(query(by_id)).find("source.first: is missing") == 0);
  auto given = query(by_id);
  given.first = json_text{R"("0 days")"};
  auto intervals = open(given);
  CHECK(items_of(walk(*intervals, 1)) == strings{R"({"id":"P1D","name":"a"})"});
}

TEST_CASE("a table of PostgreSQL needs no query, nor a lowest key") {
  run("DROP SCHEMA IF EXISTS shop CASCADE; CREATE SCHEMA shop; CREATE TABLE "
      "shop.\"order\" (k text PRIMARY KEY, n int, b bytea, j jsonb, a int[]); "
      "INSERT INTO shop.\"order\" VALUES ('', 1, '\\x00ff', '{\"x\": 1}', "
      "'{1,2}'), ('a', 2, "
      "NULL, NULL, NULL), ('b', 3, NULL, NULL, NULL), ('c', 4, NULL, NULL, "
      "NULL)");
  auto source = table("shop.order", "k");
  auto all = open(source);
  auto pages = walk(*all, 2);
  REQUIRE(pages.size() == 2);
  CHECK(items_of(pages[0]).front()
        == R"({"k":"","n":1,"b":"AP8=","j":{"x":1},"a":"{1,2}"})");

  source.columns = {"n"};
  source.where = "n <> 2";
  auto some = open(source);
  CHECK(items_of(walk(*some, 1))
        == strings{R"({"n":1})", R"({"n":3})", R"({"n":4})"});
}

TEST_CASE("PostgreSQL is only read, and says what is wrong with a query") {
  make_table("int PRIMARY KEY", "(1, 'a'), (2, 'b')");

  CHECK(why_not(query("DELETE FROM t WHERE id > :cursor AND id < :size "
                      "RETURNING id"))
        == "source.query: cannot execute DELETE in a read-only transaction");
  CHECK(why_not(query("SELECT nme FROM t WHERE id > :cursor LIMIT :size"))
        == "source.query: column \"nme\" does not exist");
  CHECK(why_not(table("t", "nme"))
        == "source.query: column \"nme\" does not exist");
  auto key = query(by_id);
  key.key = "nme";
  CHECK(why_not(key) == "source.key: the query has no column `nme`");
  auto twice = query("SELECT id, name AS id FROM t WHERE id > :cursor LIMIT "
                     ":size");
  CHECK(why_not(twice).find("two columns are named `id`") != std::string::npos);
  auto sizeless = open_postgres_pages(
    query("SELECT id FROM t WHERE id > :cursor LIMIT 5 -- :size"));
  REQUIRE(!sizeless);
  CHECK(message_of(sizeless.error()).find("source.query: must have `:size`")
        == 0);
}

TEST_CASE("rows of PostgreSQL that would be left out are noticed") {
  make_table("int", "(1, 'a'), (2, 'b'), (2, 'c')");
  CHECK(why_not(query(by_id)).find("source.key: two rows have 2 in `id`") == 0);
  make_table("numeric", "(1.0, 'a'), (1.00, 'b'), (2, 'c')");
  auto numbers = open(query(by_id));
  auto page = numbers->read({"", 1});
  REQUIRE(!page);
  CHECK(message_of(page.error()).find("source.key: two rows have") == 0);
  make_table("int", "(1, 'a'), (2, 'b'), (3, 'c')");
  auto twice = open(query("SELECT id FROM t WHERE id > :cursor ORDER BY id "
                          "DESC LIMIT :size"));
  CHECK_FALSE(twice->read({"1", 2}));
  make_table("int", "(NULL, 'a')");
  CHECK(why_not(table("t", "id")).find("source.key: `id` is NULL in a row")
        == 0);
}

TEST_CASE("no error of PostgreSQL tells the password") {
  auto with
    = [](std::string text, const std::string& from, const std::string& to) {
        return text.replace(text.find(from), from.size(), to);
      };
  make_table("int PRIMARY KEY", "(1, 'a')");
  auto source = query(by_id);

  source.url = secret{with(url(), "127.0.0.1:", "127.0.0.1:1")};
  auto opened = open_postgres_pages(source);
  if (opened)
    CHECK(why_not(source, true).find("source.url: ") == 0);
  source.url = secret{with(url(), "s3cret", "wrong-s3cret")};
  CHECK(why_not(source).find("password authentication failed")
        != std::string::npos);
  source.url = secret{with(url(), "/postgres", "/s3cret-of-tests")};
  CHECK(why_not(source).find("database \"***\" does not exist")
        != std::string::npos);
  for (auto text :
       {"postgre://orc:s3cret@host/x", "postgresql://h/?s3cret=1"}) {
    source.url = secret{text};
    auto refused = open_postgres_pages(source);
    REQUIRE(!refused);
    CHECK(message_of(refused.error()).find("s3cret") == std::string::npos);
  }
}

TEST_CASE("a connection that is lost is an error that passes, and comes back") {
  make_table("int PRIMARY KEY", "(1, 'a'), (2, 'b'), (3, 'c')");
  auto rows = open(query(by_id));
  auto first = read_page(*rows, "", 1);

  run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
      "application_name = 'apify-orchestrator'");
  auto lost = rows->read({*first.next, 1});

  REQUIRE(!lost);
  CHECK(is_passing(lost.error()));
  CHECK(items_of(read_page(*rows, *first.next, 1))
        == strings{R"({"id":2,"name":"b"})"});
}
