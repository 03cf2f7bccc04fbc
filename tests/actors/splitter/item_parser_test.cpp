#include "actors/splitter/item_parser.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

using items = std::vector<std::string>;

/// Feeds `text` in pieces of every size, which must make no difference.
caf::error parse(item_format format, std::string_view text, items& result) {
  caf::error first;
  for (std::size_t size = 1; size <= text.size() + 1; ++size) {
    items found;
    auto parser = make_item_parser(format, [&](std::string_view x) {
      found.emplace_back(x);
      return caf::error{};
    });
    caf::error problem;
    for (auto rest = text; !rest.empty() && !problem;
         rest.remove_prefix(std::min(size, rest.size())))
      problem = parser->feed(rest.substr(0, size));
    if (!problem)
      problem = parser->finish();
    if (size == 1) {
      result = found;
      first = problem;
    }
    CHECK(found == result);
    CHECK(message_of(problem) == message_of(first));
  }
  return first;
}

items parsed(item_format format, std::string_view text) {
  items result;
  auto problem = parse(format, text, result);
  CHECK(message_of(problem) == "");
  return result;
}

std::string problem_of(item_format format, std::string_view text) {
  items ignored;
  return message_of(parse(format, text, ignored));
}

bool mentions(const std::string& text, std::string_view word) {
  return text.find(word) != std::string::npos;
}

} // namespace

TEST_CASE("each line that is not blank is an item") {
  CHECK(parsed(item_format::lines, "a\r\n\n  \nb \"q\"\\\nlast")
        == items{R"("a")", R"("b \"q\"\\")", R"("last")"});
}

TEST_CASE("a byte order mark is no part of the first item") {
  CHECK(parsed(item_format::lines, "\xEF\xBB\xBF"
                                   "a\n")
        == items{R"("a")"});
}

TEST_CASE("each line of ndjson is an item without white space") {
  CHECK(parsed(item_format::ndjson, "{\"a\": [1, 2]}\n\n \"x y\" \n3")
        == items{R"({"a":[1,2]})", R"("x y")", "3"});
}

TEST_CASE("a line that is no JSON is named") {
  CHECK(problem_of(item_format::ndjson, "1\n{\"a\":}\n")
        == "line 2, column 6: a value was expected");
  CHECK(mentions(problem_of(item_format::ndjson, "01"), "column 2"));
  CHECK(mentions(problem_of(item_format::ndjson, "\"\x01\""), "control"));
  CHECK(mentions(problem_of(item_format::ndjson, "{\"a\":1} 2"), "the end"));
}

TEST_CASE("the elements of an array are items") {
  CHECK(parsed(item_format::json,
               " [ \"a,]\\\"\" , {\"b\": [1, {}]},[ ], null ] \n")
        == items{R"("a,]\"")", R"({"b":[1,{}]})", "[]", "null"});
  CHECK(parsed(item_format::json, "[]").empty());
}

TEST_CASE("what is no array of items is told") {
  auto problem
    = [](std::string_view text) { return problem_of(item_format::json, text); };
  CHECK(mentions(problem("{\"a\":1}"), "one JSON array"));
  CHECK(mentions(problem("[1,2"), "no end"));
  CHECK(mentions(problem("[1,]"), "items[1]"));
  CHECK(mentions(problem("[1] x"), "follows"));
}

TEST_CASE("rows of CSV are objects of strings") {
  CHECK(parsed(item_format::csv,
               "url,note\r\nhttp://a,\"x, \"\"y\"\"\nz\"\n\nhttp://b,\n")
        == items{R"({"url":"http://a","note":"x, \"y\"\nz"})",
                 R"({"url":"http://b","note":""})"});
}

TEST_CASE("a row of another length is named by its line") {
  CHECK(problem_of(item_format::csv, "a,b\n1,2\n3\n")
        == "line 3: has 1 fields, not 2");
  CHECK(mentions(problem_of(item_format::csv, "a,a\n"), "twice"));
  CHECK(mentions(problem_of(item_format::csv, "a\n\"x"), "no end"));
}
