#include "tests/transport/sources/text_file.hpp"
#include "transport/sources/csv_pages.hpp"

#include <fmt/format.h>

using namespace orc;
using namespace orc::test;

namespace {

csv_pages rows_of(std::shared_ptr<text_file> file, char delimiter = ',') {
  return {"rows.csv", bytes_of(std::move(file)), delimiter};
}

csv_pages rows_of(std::string text, char delimiter = ',') {
  return rows_of(file_of(std::move(text)), delimiter);
}

} // namespace

TEST_CASE("rows are objects of strings, named by the first row") {
  auto rows = rows_of("id,name\n1,Ann\n2,Bob\n3,\n");

  auto pages = walk(rows, 2);

  REQUIRE(pages.size() == 2);
  CHECK(items_of(pages[0])
        == strings{R"({"id":"1","name":"Ann"})", R"({"id":"2","name":"Bob"})"});
  CHECK(items_of(pages[1]) == strings{R"({"id":"3","name":""})"});
}

TEST_CASE("later pages know the names, also in a file that is opened anew") {
  auto file = file_of("\xEF\xBB\xBFid;name\r\n1;Ann\r\n2;Bob\r\n3;Cyd");
  auto rows = rows_of(file, ';');
  auto next = read_page(rows, "", 2).next;
  REQUIRE(next);

  auto again = rows_of(file, ';');

  CHECK(*next == "26:4");
  CHECK(items_of(read_page(again, *next, 9))
        == strings{R"({"id":"3","name":"Cyd"})"});
  CHECK(items_of(walk(again, 1)).size() == 3);
}

TEST_CASE("a file that becomes shorter while it is read has no end") {
  std::string text = "a\n";
  for (auto i = 0; i < 50'000; ++i)
    text += fmt::format("{:09}\n", i);
  auto file = file_of(text);
  auto rows = rows_of(file);
  auto next = read_page(rows, "", 1'000).next;
  REQUIRE(next);
  file->text.resize(1'000);
  std::string problem;
  while (next && problem.empty()) {
    auto page = rows.read({*next, 1'000});
    if (page)
      next = page->next;
    else
      problem = message_of(page.error());
  }
  CHECK_THAT(problem, Catch::Contains("the file has become shorter"));
}

TEST_CASE("no page is empty when the rows end with a full one") {
  for (auto text : {"a\n1\n2\n", "a\n1\n2", "a\r\n1\r\n2\r\n", "a\n1\n2\n\n\n",
                    "a\n\n\n1\n\n2\r\n\r\n"}) {
    auto rows = rows_of(text);
    auto pages = walk(rows, 2);
    REQUIRE(pages.size() == 1);
    CHECK(items_of(pages[0]) == strings{R"({"a":"1"})", R"({"a":"2"})"});
  }
}

TEST_CASE("a file that has names only is one empty page") {
  for (auto text : {"a,b", "a,b\n", "a,b\r\n\r\n"}) {
    auto rows = rows_of(text);
    auto page = read_page(rows, "", 5);
    CHECK(page.count == 0);
    CHECK_FALSE(page.next);
  }
}

TEST_CASE("quoted cells may hold delimiters, line ends and quotes") {
  auto rows = rows_of("a,b\n\"x\ny\",\"1,2\"\r\n\"say \"\"hi\"\"\",\"\"\n"
                      "\"\r\n\",u\"v\n");

  auto pages = walk(rows, 1);

  CHECK(items_of(pages)
        == strings{R"({"a":"x\ny","b":"1,2"})", R"({"a":"say \"hi\"","b":""})",
                   R"({"a":"\r\n","b":"u\"v"})"});
  CHECK(pages[0].next == "17:4");
}

TEST_CASE("one empty quoted cell is a row, a blank line is none") {
  auto rows = rows_of("a\n\"\"\n\n1\n");

  CHECK(items_of(walk(rows, 9)) == strings{R"({"a":""})", R"({"a":"1"})"});
}

TEST_CASE("tabs may separate cells") {
  auto rows = rows_of("a\tb\n1,5\t2\n", '\t');

  CHECK(items_of(walk(rows, 9)) == strings{R"({"a":"1,5","b":"2"})"});
}

TEST_CASE("what is wrong with a row is told with line and byte") {
  auto rows = rows_of("a,b\n1,2\n\n3\n4,5\n");

  CHECK(problem_of(rows)
        == "rows.csv, line 4, byte 9: has 1 cells, and the first row names 2 "
           "columns");
  CHECK(items_of(read_page(rows, "11:5", 9))
        == strings{R"({"a":"4","b":"5"})"});
  auto open = rows_of("a\n1\n\"x\n");
  CHECK(problem_of(open)
        == "rows.csv, line 3, byte 4: a quoted cell has no end");
  auto behind = rows_of("a\n\"x\"y\n");
  CHECK(problem_of(behind).find("line 2, byte 2: a quoted cell must end")
        != std::string::npos);
  auto twice = rows_of("a,a\n");
  CHECK(problem_of(twice)
        == "rows.csv, line 1, byte 0: column `a` is there twice");
  auto latin = rows_of("a\nM\xFCnchen\n");
  CHECK(problem_of(latin).find("rows.csv, line 2, byte 2: is not in UTF-8")
        == 0);
  auto none = rows_of("\n");
  CHECK(problem_of(none)
        == "rows.csv, line 1, byte 0: the first row must name the columns");
}

TEST_CASE("a file of rows that has become another one is noticed") {
  auto rows = rows_of("a\n11\n22\n");

  for (auto cursor : {"1", "3", "6", "99"})
    CHECK(problem_of(rows, cursor).find("no item begins at byte")
          != std::string::npos);
}

TEST_CASE("pages of rows in order read no byte twice but the names") {
  std::string text = "id,name\n";
  for (int i = 0; i < 50'000; ++i)
    text += fmt::format("{},\"name\n{}\"\n", i, i);
  auto file = file_of(text);
  auto rows = rows_of(file);

  std::uint64_t items = 0;
  std::string cursor;
  do {
    auto page = read_page(rows, cursor, 101);
    items += page.count;
    cursor = page.next.value_or("");
  } while (!cursor.empty());

  CHECK(items == 50'000);
  // At the end it looks whether the last byte is still there.
  CHECK(file->bytes_read == text.size() + 1);
}
