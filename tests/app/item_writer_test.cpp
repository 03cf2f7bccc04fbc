#include "app/results/item_writer.hpp"

#include <catch2/catch.hpp>

using namespace orc::app;

namespace {

struct string_sink : text_sink {
  void write(std::string_view x) override {
    text += x;
  }

  std::string text;
};

std::string merge(items_format format, std::vector<std::string_view> pages) {
  string_sink out;
  auto writer = make_item_writer(format, out);
  for (auto page : pages)
    writer->add(page);
  writer->finish();
  return out.text;
}

} // namespace

TEST_CASE("pages of lines are joined line by line") {
  CHECK(merge(items_format::ndjson, {"{\"a\":1}\n{\"a\":2}", "", "{\"a\":3}\n"})
        == "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
}

TEST_CASE("pages become one array") {
  CHECK(merge(items_format::json, {"1\n2\n", "", "3"}) == "[\n1,\n2,\n3\n]\n");
  CHECK(merge(items_format::json, {}) == "[]\n");
}

TEST_CASE("tables with other columns become one table with all of them") {
  CHECK(merge(items_format::csv, {"a,b\n1,2\n", "b,c\n3,\"4,5\"\n", ""})
        == "a,b,c\n1,2,\n,3,\"4,5\"\n");
  CHECK(merge(items_format::csv, {}) == "");
}

TEST_CASE("the name of a file decides its format, unless a format is given") {
  CHECK(format_of("", "x.csv") == items_format::csv);
  CHECK(format_of("", "x.json") == items_format::json);
  CHECK(format_of("", "x") == items_format::ndjson);
  CHECK(format_of("ndjson", "x.csv") == items_format::ndjson);
}
