#include "tests/transport/sources/text_file.hpp"
#include "transport/sources/line_pages.hpp"

#include <fmt/format.h>

using namespace orc;
using namespace orc::test;

namespace {

line_pages lines_of(std::shared_ptr<text_file> file) {
  return {"rows.ndjson", bytes_of(std::move(file))};
}

line_pages lines_of(std::string text) {
  return lines_of(file_of(std::move(text)));
}

} // namespace

TEST_CASE("pages have the size that was asked for, and the last one ends") {
  auto lines = lines_of("1\n2\n3\n4\n5\n");

  auto pages = walk(lines, 2);

  REQUIRE(pages.size() == 3);
  CHECK(items_of(pages[0]) == strings{"1", "2"});
  CHECK(items_of(pages[1]) == strings{"3", "4"});
  CHECK(items_of(pages[2]) == strings{"5"});
}

TEST_CASE("no page is empty when the lines end with a full one") {
  for (auto text : {"1\n2\n", "1\n2", "1\r\n2\r\n", "1\n2\n\n \r\n\n"}) {
    auto lines = lines_of(text);
    auto pages = walk(lines, 2);
    REQUIRE(pages.size() == 1);
    CHECK(items_of(pages[0]) == strings{"1", "2"});
  }
}

TEST_CASE("a file of no lines is one empty page") {
  for (auto text : {"", "\n", "\xEF\xBB\xBF", " \r\n\n"}) {
    auto lines = lines_of(text);
    auto page = read_page(lines, "", 5);
    CHECK(page.count == 0);
    CHECK(page.items.empty());
    CHECK_FALSE(page.next);
  }
}

TEST_CASE("byte order mark, CRLF, blank lines and indentation are no items") {
  auto lines = lines_of("\xEF\xBB\xBF{\"a\": 1}\r\n\r\n  \n [ 2 ,3]\r\nnull");

  auto pages = walk(lines, 1);

  CHECK(items_of(pages) == strings{R"({"a": 1})", "[ 2 ,3]", "null"});
  CHECK(pages.size() == 3);
}

TEST_CASE("a cursor means the same to whoever opens the file again") {
  auto file = file_of("1\n\n22\n333\n");
  auto first = lines_of(file);
  auto next = read_page(first, "", 1).next;
  REQUIRE(next);

  auto again = lines_of(file);

  CHECK(*next == "3:3");
  CHECK(items_of(read_page(again, *next, 5)) == strings{"22", "333"});
  CHECK(items_of(read_page(again, "3", 1)) == strings{"22"});
  CHECK(items_of(read_page(again, "", 1)) == strings{"1"});
}

TEST_CASE("pages in order read no byte twice, one alone hardly more than it") {
  std::string text;
  for (int i = 0; i < 100'000; ++i)
    text += fmt::format(R"({{"number":{}}})", i) + '\n';
  auto file = file_of(text);
  auto lines = lines_of(file);

  std::uint64_t items = 0;
  std::string cursor;
  do {
    auto page = read_page(lines, cursor, 97);
    items += page.count;
    cursor = page.next.value_or("");
  } while (!cursor.empty());

  CHECK(items == 100'000);
  CHECK(file->bytes_read == text.size());
  file->bytes_read = 0;
  auto alone = lines_of(file);
  auto middle = text.find('\n', text.size() / 2) + 1;
  CHECK(read_page(alone, std::to_string(middle), 3).count == 3);
  CHECK(file->bytes_read <= 129 * 1024);
}

TEST_CASE("a file may grow while it is read") {
  auto file = file_of("1\n2\n3\n");
  auto lines = lines_of(file);
  auto next = read_page(lines, "", 2).next;
  REQUIRE(next);

  file->text += "4\n5\n";

  CHECK(items_of(read_page(lines, *next, 9)) == strings{"3", "4", "5"});
}

TEST_CASE("a file that has become another one is noticed") {
  auto file = file_of("1\n22\n333\n");
  auto lines = lines_of(file);

  CHECK(
    problem_of(lines, "3")
    == "rows.ndjson: no item begins at byte 3: the file is not the one that "
       "was read before. Put that one back, or begin a new batch");
  // Nothing was learned from that.
  CHECK(problem_of(lines, "3").find("byte 3") != std::string::npos);
  file->text = "1\n";
  auto shorter = lines_of(file);
  CHECK(problem_of(shorter, "5:3").find("byte 5") != std::string::npos);
}

TEST_CASE("what is no JSON is an error that tells line and byte") {
  auto lines = lines_of("1\n\n{\"a\":}\n2\n");

  CHECK(problem_of(lines)
        == "rows.ndjson, line 3, byte 3: column 6: a value was expected");
  CHECK(problem_of(lines, "3").find("rows.ndjson, byte 3: ") == 0);
  CHECK(items_of(read_page(lines, "10:4", 1)) == strings{"2"});
}

TEST_CASE("what is not UTF-8 is an error") {
  auto lines = lines_of("\"\xE4\"\n");

  CHECK(problem_of(lines) == "rows.ndjson, line 1, byte 0: is not in UTF-8");
}

TEST_CASE("a cursor that no source made is an error") {
  auto lines = lines_of("1\n");

  CHECK(problem_of(lines, "x").find("cursor x: must be the byte") == 0);
  CHECK(problem_of(lines, "1:").find("cursor 1:: must be") == 0);
  CHECK(problem_of(lines, "-1").find("cursor -1: must be") == 0);
}

TEST_CASE("a long line is read in pieces") {
  auto line = '"' + std::string(1'000'000, 'x') + '"';
  auto lines = lines_of("1\n" + line + "\n2\n");

  CHECK(items_of(walk(lines, 1)) == strings{"1", line, "2"});
}
