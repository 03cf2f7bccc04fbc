#include "messages/json/json.hpp"
#include "messages/walk/page_source.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

/// @returns what is wrong with a source, or "".
std::string problem_of(std::string_view json) {
  auto source = from_json<walk_source>(json);
  if (!source)
    return message_of(source.error());
  return message_of(check(*source));
}

} // namespace

TEST_CASE("sources of all kinds are read") {
  for (
    auto text :
    {R"({"kind":"ndjson","path":"a"})",
     R"({"kind":"csv","path":"a","delimiter":"\t"})",
     R"({"kind":"json","path":"a","pointer":"/data/items"})",
     R"({"kind":"sqlite","path":"a","query":"SELECT id FROM t WHERE id > :cursor ORDER BY id LIMIT :size"})",
     R"({"kind":"sqlite","path":"a","table":"t","key":"id",
            "columns":["id","b"],"where":"b > 1"})",
     R"({"kind":"postgres","urlEnv":"DB","table":"t","key":"id"})",
     R"({"kind":"http","url":"http://localhost/","headers":{"X-Key":"k"},
            "itemsPath":"data.items","nextPath":"","cursorParam":"c",
            "sizeParam":""})",
     R"({"kind":"dataset","run":"shop","namespace":"n","clean":true,
            "fields":["a"],"omit":"b,c"})",
     R"({"kind":"processor"})"})
    CHECK(problem_of(text) == "");
}

TEST_CASE("what is wrong with a source names the member") {
  CHECK(problem_of(R"({"kind":"cvs","path":"a"})").find("kind: must be one of")
        == 0);
  CHECK(problem_of(R"({"kind":"csv"})")
        == "source.path: is missing: the file; its first row names the "
           "columns");
  CHECK(problem_of(R"({"kind":"ndjson","path":"a","delimiter":";"})")
        == "source.delimiter: is none of kind ndjson, which has path");
  CHECK(problem_of(R"({"kind":"csv","path":"a","delimiter":"ab"})")
          .find("source.delimiter: must be one byte")
        == 0);
  CHECK(problem_of(R"({"kind":"json","path":"a","pointer":"x"})")
          .find("source.pointer: must be")
        == 0);
  CHECK(problem_of(R"({"kind":"sqlite","path":"a"})")
        == "source.query: is missing: such as `SELECT id, name FROM products "
           "WHERE id > :cursor ORDER BY id LIMIT :size`; or give `table` and "
           "its `key`");
  CHECK(problem_of(R"({"kind":"sqlite","path":"a","query":"SELECT 1"})")
          .find("source.query: must say where a page begins")
        == 0);
  CHECK(problem_of(R"({"kind":"sqlite","path":"a","table":"t"})")
          .find("source.key: is missing")
        == 0);
  CHECK(problem_of(R"({"kind":"postgres","url":"u","urlEnv":"U","table":"t",
                       "key":"id"})")
        == "source.urlEnv: give it or `url`, not both");
  CHECK(problem_of(R"({"kind":"http"})")
        == "source.url: is missing: what answers pages, such as "
           "\"https://example.com/products\"; or give `urlEnv`, the name of a "
           "variable that has it");
  CHECK(problem_of(R"({"kind":"dataset","datasetId":"a","run":"b"})")
        == "source.run: give it or `datasetId`, not both");
  CHECK(problem_of(R"({"kind":"processor","path":"a"})")
        == "source.path: a source of kind processor has no more members than "
           "that");
  CHECK(problem_of(R"({"kind":"csv","pth":"a"})").find("did you mean `path`")
        != std::string::npos);
}

TEST_CASE("what is secret in a source is not written") {
  auto source = from_json<walk_source>(
    R"({"kind":"http","url":"http://u:pw@h/","headers":{"A":"tok"}})");
  REQUIRE(source);

  auto text = to_json(*source) + caf::deep_to_string(*source);

  CHECK(text.find("pw") == std::string::npos);
  CHECK(text.find("tok") == std::string::npos);
}

TEST_CASE("errors of sources say whether to ask again, and when") {
  auto busy = make_page_error(ec::rate_limited, "busy",
                              std::chrono::milliseconds{1500});
  CHECK(is_passing(busy));
  CHECK(wait_of(busy) == std::chrono::milliseconds{1500});
  CHECK(message_of(busy) == "busy");
  CHECK(type_of(busy) == "rate-limited");

  auto wrong = make_error(ec::bad_json, "wrong");
  CHECK_FALSE(is_passing(wrong));
  CHECK(wait_of(wrong) == std::chrono::milliseconds{0});
  CHECK(is_passing(caf::make_error(caf::sec::request_receiver_down)));
}
