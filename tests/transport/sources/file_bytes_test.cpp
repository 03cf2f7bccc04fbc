#include "tests/support/pages.hpp"
#include "tests/support/temp_folder.hpp"
#include "transport/sources/file_pages.hpp"

#include <sys/stat.h>

#include <cstdio>

using namespace orc;
using namespace orc::test;

namespace {

walk_source source_of(source_kind kind, std::string path) {
  walk_source result;
  result.kind = kind;
  result.path = std::move(path);
  return result;
}

std::string why_not(const std::string& path) {
  auto opened = open_file_pages(source_of(source_kind::ndjson, path));
  REQUIRE(!opened);
  CHECK_FALSE(is_passing(opened.error()));
  return message_of(opened.error());
}

} // namespace

TEST_CASE("files of each kind are read from disk") {
  temp_folder here;
  auto lines = source_of(source_kind::ndjson, here.write("a.ndjson", "1\n2\n"));
  auto rows = source_of(source_kind::csv, here.write("a.csv", "a;b\n1;2\n"));
  rows.delimiter = ";";
  auto list
    = source_of(source_kind::json, here.write("a.json", R"({"x":[[3]]})"));
  list.pointer = "/x/0";

  for (auto [source, items] : {std::pair{lines, strings{"1", "2"}},
                               std::pair{rows, strings{R"({"a":"1","b":"2"})"}},
                               std::pair{list, strings{"3"}}}) {
    auto pages = open_file_pages(source);
    REQUIRE(pages);
    CHECK(items_of(walk(**pages, 1)) == items);
  }
}

TEST_CASE("a file that cannot be read says why") {
  temp_folder here;

  CHECK(why_not(here.path() / "none")
        == (here.path() / "none").string()
             + ": cannot be read: No such file or directory");
  CHECK(why_not(here.path()).find("Is a directory") != std::string::npos);
  auto pipe = (here.path() / "pipe").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(why_not(pipe).find("is no file that can be read more than once")
        != std::string::npos);
}
