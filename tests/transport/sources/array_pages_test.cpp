#include "tests/transport/sources/text_file.hpp"
#include "transport/sources/array_pages.hpp"

#include <fmt/format.h>

using namespace orc;
using namespace orc::test;

namespace {

array_pages
elements_of(std::shared_ptr<text_file> file, std::string pointer = "") {
  return {"list.json", bytes_of(std::move(file)), std::move(pointer)};
}

array_pages elements_of(std::string text, std::string pointer = "") {
  return elements_of(file_of(std::move(text)), std::move(pointer));
}

} // namespace

TEST_CASE("elements of an array come one a line, whatever their layout") {
  auto list = elements_of("\xEF\xBB\xBF [\n {\"a\": [1, 2],\n \"b\": \"]\\\"\"}"
                          " , 2\r\n,\n\"x\" ,null ]\n ");

  auto pages = walk(list, 3);

  REQUIRE(pages.size() == 2);
  CHECK(items_of(pages[0])
        == strings{R"({"a":[1,2],"b":"]\""})", "2", R"("x")"});
  CHECK(items_of(pages[1]) == strings{"null"});
}

TEST_CASE("an empty array is one empty page, a full one has none behind it") {
  for (auto text : {"[]", " [ ] \n"}) {
    auto list = elements_of(text);
    auto page = read_page(list, "", 3);
    CHECK(page.count == 0);
    CHECK_FALSE(page.next);
  }
  auto list = elements_of("[1,2]");
  CHECK(walk(list, 2).size() == 1);
  CHECK(walk(list, 1).size() == 2);
}

TEST_CASE("the cursor of an element means the same in a file opened anew") {
  auto file = file_of("[1,\n {\"a\":2} ,3]");
  auto first = elements_of(file);
  auto next = read_page(first, "", 1).next;
  REQUIRE(next);

  auto again = elements_of(file);

  CHECK(*next == "3:1");
  CHECK(items_of(read_page(again, *next, 9)) == strings{R"({"a":2})", "3"});
}

TEST_CASE("a pointer leads to the array") {
  auto text = R"({"meta":{"items":[9],"x":"]}\"{"},"n":-1.5,)"
              R"("data":[[7],{"a/b":0,"it~ms":[1,2,3]}],"more":[4]})";

  auto deep = elements_of(text, "/data/1/it~0ms");
  CHECK(items_of(walk(deep, 2)) == strings{"1", "2", "3"});
  auto meta = elements_of(text, "/meta/items");
  CHECK(items_of(walk(meta, 2)) == strings{"9"});
  auto nested = elements_of(text, "/data/0");
  CHECK(items_of(walk(nested, 2)) == strings{"7"});
}

TEST_CASE("a pointer to nothing, or to no array, is an error that says so") {
  auto text = R"({"data":{"a":1},"list":[[1]]})";

  auto none = elements_of(text, "/items");
  CHECK(problem_of(none).find("there is no `items`") != std::string::npos);
  auto number = elements_of(text, "/data/a");
  CHECK(problem_of(number).find("what the pointer /data/a leads to is no array")
        != std::string::npos);
  auto index = elements_of(text, "/list/3");
  CHECK(problem_of(index).find("there is no element 3") != std::string::npos);
  auto name = elements_of(text, "/list/x");
  CHECK(problem_of(name).find("`x` is no number") != std::string::npos);
  auto lines = elements_of("{\"a\":1}\n{\"a\":2}\n");
  CHECK(problem_of(lines).find("list.json, byte 0: is no JSON array; are the "
                               "documents one a line (ndjson)")
        == 0);
}

TEST_CASE("what is wrong with an element is told with its index and byte") {
  auto bad = elements_of("[1, x, 3]");
  CHECK(problem_of(bad)
        == "list.json, element 1, byte 3: column 2: a value was expected");
  auto open = elements_of("[1, 2");
  CHECK(problem_of(open).find("element 1, byte 3: the file ends before")
        != std::string::npos);
  auto comma = elements_of("[1,]");
  CHECK(problem_of(comma).find("element 1, byte 3: column 1: a value")
        != std::string::npos);
  auto brace = elements_of("[1}");
  CHECK(problem_of(brace).find("not `}`") != std::string::npos);
  auto rest = elements_of("[1] 2");
  CHECK(problem_of(rest) == "list.json, byte 4: something follows the array");
  auto empty = elements_of("");
  CHECK(problem_of(empty).find("is no JSON array") != std::string::npos);
}

TEST_CASE("a file of an array that has become another one is noticed") {
  auto list = elements_of("[11,22]");

  for (auto cursor : {"2", "99"})
    CHECK(problem_of(list, cursor).find("no item begins at byte")
          != std::string::npos);
}

TEST_CASE("pages of an array in order read no byte twice") {
  std::string text = "{\"x\":\"" + std::string(300'000, '[') + "\",\"list\":[";
  for (int i = 0; i < 50'000; ++i)
    text += fmt::format("{}{{\n \"number\": {}\n}}", i == 0 ? "" : ", ", i);
  auto file = file_of(text + "]}");
  auto list = elements_of(file, "/list");

  std::uint64_t items = 0;
  std::string cursor;
  do {
    auto page = read_page(list, cursor, 103);
    items += page.count;
    cursor = page.next.value_or("");
  } while (!cursor.empty());

  CHECK(items == 50'000);
  CHECK(file->bytes_read == file->text.size());
}
