#include "persistence/sources/sqlite_pages.hpp"
#include "tests/support/pages.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <sqlite3.h>
#include <unistd.h>

using namespace orc;
using namespace orc::test;

namespace {

/// A database that goes when the test ends.
class database {
public:
  explicit database(const std::string& sql) {
    std::filesystem::remove(path_);
    REQUIRE(sqlite3_open(path_.c_str(), &db_) == SQLITE_OK);
    run(sql);
  }

  ~database() {
    sqlite3_close(db_);
    std::filesystem::remove(path_);
  }

  void run(const std::string& sql) {
    REQUIRE(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr)
            == SQLITE_OK);
  }

  walk_source query(std::string sql) const {
    walk_source result;
    result.kind = source_kind::sqlite;
    result.path = path_;
    result.query = std::move(sql);
    return result;
  }

  walk_source table(std::string name, std::string key) const {
    auto result = query("");
    result.table = std::move(name);
    result.key = std::move(key);
    return result;
  }

private:
  std::string path_ = std::filesystem::temp_directory_path()
                      / fmt::format("rows-{}.db", ::getpid());
  sqlite3* db_ = nullptr;
};

std::unique_ptr<page_reader> open(const walk_source& source) {
  auto opened = open_sqlite_pages(source);
  if (!opened)
    FAIL(message_of(opened.error()));
  return std::move(*opened);
}

std::string why_not(const walk_source& source) {
  auto opened = open_sqlite_pages(source);
  REQUIRE(!opened);
  CHECK_FALSE(is_passing(opened.error()));
  return message_of(opened.error());
}

constexpr auto five = "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);"
                      "INSERT INTO t VALUES (-3, 'a'), (0, 'b'), (1, 'c'),"
                      "(9, NULL), (9223372036854775807, 'e')";
constexpr auto by_id = "SELECT id, name FROM t WHERE id > :cursor ORDER BY id "
                       "LIMIT :size";

} // namespace

TEST_CASE("a query is read page by page, by its key") {
  database db{five};
  auto rows = open(db.query(by_id));

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
  CHECK(items_of(read_page(*rows, "1", 1))
        == strings{R"({"id":9,"name":null})"});
}

TEST_CASE("a query without rows is one empty page") {
  database db{"CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)"};
  auto rows = open(db.query(by_id));

  auto page = read_page(*rows, "", 3);

  CHECK(page.count == 0);
  CHECK_FALSE(page.next);
}

TEST_CASE("keys of text are compared as text") {
  database db{"CREATE TABLE t (id TEXT UNIQUE, name TEXT);"
              "INSERT INTO t VALUES ('10', 'a'), ('9', 'b'), ('+', 'c'),"
              "('it''s', 'd')"};
  auto rows = open(db.query(by_id));

  auto pages = walk(*rows, 1);

  CHECK(items_of(pages)
        == strings{R"({"id":"+","name":"c"})", R"({"id":"10","name":"a"})",
                   R"({"id":"9","name":"b"})", R"({"id":"it's","name":"d"})"});
  CHECK(pages[1].next == R"("10")");
}

TEST_CASE("keys may be of any type where a column has none") {
  database db{"CREATE TABLE t (id UNIQUE, name);"
              "INSERT INTO t VALUES (2, 1), (1.5, 2), ('10', 3), ('', 4)"};
  auto rows = open(db.query(by_id));

  CHECK(items_of(walk(*rows, 1))
        == strings{R"({"id":1.5,"name":2})", R"({"id":2,"name":1})",
                   R"({"id":"","name":4})", R"({"id":"10","name":3})"});
}

TEST_CASE("a table needs no query, and its key need not be shown") {
  database db{"CREATE TABLE \"order\" (k TEXT PRIMARY KEY, n INT, b BLOB);"
              "INSERT INTO \"order\" VALUES ('', 1, x'00ff'), ('a', 2, NULL),"
              "('b', 3, NULL), ('c', 4, NULL)"};
  auto source = db.table("order", "k");
  auto all = open(source);
  CHECK(items_of(walk(*all, 3))
        == strings{R"({"k":"","n":1,"b":"AP8="})",
                   R"({"k":"a","n":2,"b":null})", R"({"k":"b","n":3,"b":null})",
                   R"({"k":"c","n":4,"b":null})"});

  source.columns = {"n"};
  source.where = "n <> 2";
  auto some = open(source);
  CHECK(items_of(walk(*some, 1))
        == strings{R"({"n":1})", R"({"n":3})", R"({"n":4})"});
}

TEST_CASE("a query may go downwards if it is told where to begin") {
  database db{five};
  auto source = db.query("SELECT name, id FROM t WHERE id < :cursor ORDER BY "
                         "id DESC LIMIT :size");
  source.key = "id";
  source.first = json_text{"9"};
  auto rows = open(source);

  CHECK(items_of(walk(*rows, 2)).size() == 3);
  CHECK(items_of(read_page(*rows, "", 1)) == strings{R"({"name":"c","id":1})"});
}

TEST_CASE("rows that would be left out are noticed") {
  database db{"CREATE TABLE t (id INT, name TEXT); INSERT INTO t VALUES"
              "(1, 'a'), (2, 'b'), (2, 'c'), (3, 'd')"};
  auto rows = open(db.query(by_id));
  auto page = rows->read({"", 2});
  REQUIRE(!page);
  CHECK(message_of(page.error()).find("source.key: two rows have 2 in `id`")
        == 0);

  db.run("DELETE FROM t; INSERT INTO t VALUES (NULL, 'a')");
  auto nulls = open(db.table("t", "id"));
  CHECK(problem_of(*nulls).find("source.key: `id` is NULL in a row") == 0);

  db.run("DELETE FROM t; INSERT INTO t VALUES (1, 'a'), (2, 'b')");
  auto stuck = open(db.query("SELECT id FROM t WHERE id >= :cursor ORDER BY id "
                             "LIMIT :size"));
  auto again = stuck->read({"1", 1});
  REQUIRE(!again);
  CHECK(message_of(again.error()).find("does it say `WHERE id > :cursor")
        != std::string::npos);
}

TEST_CASE("rows that would come twice are noticed") {
  database db{five};
  auto twice = [&](const char* sql, const char* cursor) {
    auto rows = open(db.query(sql));
    auto page = rows->read({cursor, 3});
    REQUIRE(!page);
    CHECK_THAT(message_of(page.error()),
               Catch::StartsWith("source.query: ")
                 && Catch::Contains("would be read twice"));
  };
  twice("SELECT id FROM t WHERE id >= :cursor ORDER BY id LIMIT :size", "0");
  // The first page goes down to 0.
  twice("SELECT id FROM t WHERE id > :cursor ORDER BY id DESC LIMIT :size",
        "0");
  twice("SELECT id FROM t WHERE id > :cursor ORDER BY id % 3 LIMIT :size",
        "-5");
}

TEST_CASE(
  "keys that are one to their column, though they differ, are noticed") {
  database db{"CREATE TABLE t (id TEXT COLLATE NOCASE, name TEXT); "
              "INSERT INTO t VALUES ('a', 'x'), ('A', 'y'), ('b', 'z')"};
  for (const auto& source : {db.query(by_id), db.table("t", "id")}) {
    auto rows = open(source);
    auto page = rows->read({"", 1});
    REQUIRE(!page);
    CHECK_THAT(message_of(page.error()),
               Catch::StartsWith("source.key: two rows have"));
    CHECK(read_page(*rows, "", 2).count == 2);
  }

  db.run("DROP TABLE t; CREATE TABLE t (id TEXT, name TEXT); "
         "INSERT INTO t VALUES ('A', 'x'), ('a', 'y'), ('a ', 'z')");
  auto all = open(db.query(by_id));
  CHECK(items_of(walk(*all, 1)).size() == 3);
}

TEST_CASE("a query that makes no sense is refused, with the database's words") {
  database db{five};

  CHECK(why_not(db.query("SELECT nme FROM t WHERE id > :cursor"))
          .find("no such column: nme")
        != std::string::npos);
  CHECK(why_not(db.table("t", "idd")).find("no such column: idd")
        != std::string::npos);
  CHECK(why_not(db.query("DELETE FROM t WHERE id > :cursor RETURNING id"))
        == "source.query: must be one SELECT");
  CHECK(why_not(db.query("SELECT id FROM t WHERE id > :cursor; SELECT 1"))
        == "source.query: must be one SELECT");
  CHECK(why_not(db.query("SELECT id FROM t -- :cursor"))
          .find("`:cursor` stands in quotes or a comment")
        != std::string::npos);
  CHECK(why_not(db.query("SELECT id FROM t WHERE id > :cursor ORDER BY id"))
          .find("source.query: must have `:size`")
        == 0);
  auto keyed = db.query(by_id);
  keyed.key = "nme";
  CHECK(why_not(keyed) == "source.key: the query has no column `nme`");
  auto none = db.query(by_id);
  none.path += ".none";
  CHECK(why_not(none).find("unable to open database file")
        != std::string::npos);
}

TEST_CASE("a locked database is an error that passes") {
  database db{five};
  auto rows = open(db.query(by_id));
  db.run("BEGIN EXCLUSIVE");

  auto page = rows->read({"", 2});

  REQUIRE(!page);
  CHECK(is_passing(page.error()));
  CHECK(message_of(page.error()).find("database is locked")
        != std::string::npos);
  db.run("COMMIT");
  CHECK(read_page(*rows, "", 2).count == 2);
}

TEST_CASE("100,000 products are read once each, and may change meanwhile") {
  database db{"CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT);"
              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
              "WHERE i < 100000) INSERT INTO products SELECT i, 'p' || i FROM "
              "n"};
  auto rows = open(db.table("products", "id"));

  std::uint64_t pages = 0;
  std::uint64_t items = 0;
  std::string cursor;
  do {
    auto page = read_page(*rows, cursor, 200);
    items += page.count;
    cursor = page.next.value_or("");
    if (++pages == 10)
      db.run("UPDATE products SET name = 'x' WHERE id % 1000 = 0;"
             "DELETE FROM products WHERE id = 1");
  } while (!cursor.empty());

  CHECK(items == 100'000);
  CHECK(pages == 500);
}
