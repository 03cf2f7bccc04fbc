#include "messages/walk/page_place.hpp"
#include "transport/sources/page_api.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace orc;

namespace {

walk_source source_of(std::string url) {
  walk_source result;
  result.kind = source_kind::http;
  result.url = secret{std::move(url)};
  return result;
}

page_api api_of(const walk_source& source) {
  auto result = page_api::make(source);
  REQUIRE(result);
  return *result;
}

std::string
target_of(const page_api& api, const std::string& at, std::uint64_t size) {
  auto request = api.request_for(at, size);
  REQUIRE(request);
  return request->url.target;
}

caf::error problem_of(const page_api& api, http::client::result result) {
  auto page = api.read(result);
  REQUIRE(!page);
  return page.error();
}

http::response
answer(int status, std::string body = "", http::fields headers = {}) {
  return {status, std::move(headers), std::move(body)};
}

} // namespace

TEST_CASE("the first page is asked for without a cursor, with a size") {
  auto api = api_of(source_of("http://localhost/products?key=a"));

  CHECK(target_of(api, "", 50) == "/products?key=a&limit=50");
  CHECK(target_of(api, "x y", 50) == "/products?key=a&cursor=x%20y&limit=50");
}

TEST_CASE("parameters may have other names, or be left out") {
  auto source = source_of("http://localhost");
  source.cursor_param = "after";
  source.size_param = "";

  CHECK(target_of(api_of(source), "7", 50) == "/?after=7");
  source.cursor_param = "";
  auto request = api_of(source).request_for("7", 50);
  REQUIRE(!request);
  CHECK(message_of(request.error()).find("source.cursorParam: ") == 0);
}

TEST_CASE("an answer's items are one a line, its next cursor text or number") {
  auto api = api_of(source_of("http://localhost/"));
  auto page = [&](std::string body) {
    auto result = api.read(answer(200, std::move(body)));
    if (!result)
      FAIL(message_of(result.error()));
    return *result;
  };

  auto first = page("{\"items\": [{\"a\": [1,\n 2]}, \"],\" ],"
                    " \"next\": \"b\\\"c\"}");
  CHECK(first.items == std::vector<std::string>{R"({"a":[1,2]})", R"("],")"});
  CHECK(first.next == "b\"c");
  CHECK(page(R"({"next":12,"items":[]})").next == "12");
  for (auto next : {"", R"(,"next":null)", R"(,"next":"")", R"(,"next":false)"})
    CHECK_FALSE(page(R"({"items":[1])" + std::string{next} + "}").next);
}

TEST_CASE("items and cursor may be anywhere in an answer") {
  auto source = source_of("http://localhost/");
  source.items_path = "data.list";
  source.next_path = "/@odata.next~1";
  auto page = api_of(source).read(answer(
    200, R"({"list":1,"data":{"x":[0],"list":[1]},"@odata.next/":"n"})"));
  REQUIRE(page);
  CHECK(page->items == std::vector<std::string>{"1"});
  CHECK(page->next == "n");

  source.items_path = "";
  auto array = api_of(source).read(answer(200, "[1, 2]"));
  REQUIRE(array);
  CHECK(array->items.size() == 2);
  CHECK_FALSE(array->next);
}

TEST_CASE("the next page may be a URL of the same server") {
  auto api = api_of(source_of("https://shop.test:8443/v1/products?x=1"));

  CHECK(target_of(api, "https://shop.test:8443/v2?page=2", 5) == "/v2?page=2");
  CHECK(target_of(api, "/v2?page=2", 5) == "/v2?page=2");
  CHECK(target_of(api, "?page=2", 5) == "/v1/products?page=2");
  CHECK(target_of(api, "/wAB=", 5)
        == "/v1/products?x=1&cursor=%2FwAB%3D&limit=5");
  auto behind_tls = api_of(source_of("https://shop.test/"));
  CHECK(target_of(behind_tls, "http://shop.test/2", 5) == "/2");
}

TEST_CASE("a cursor that is a URL has no value of the source's URL, and leads "
          "to the same page") {
  auto api = api_of(source_of("https://shop.test/items?token=a%2Bb&x=1"));
  auto next = [&](const std::string& link) {
    auto page = api.read(
      answer(200, fmt::format(R"({{"items":[],"next":"{}"}})", link)));
    REQUIRE(page);
    REQUIRE(page->next);
    return *page->next;
  };
  struct expectation {
    std::string link;
    std::string cursor;
    std::string target;
  };
  for (const auto& [link, cursor, target] :
       {expectation{"https://shop.test/items?token=a%2Bb&after=7",
                    "https://shop.test/items?token=***&after=7",
                    "/items?token=a%2Bb&after=7"},
        expectation{"https://shop.test/items?x=2&token=a+b#end",
                    "https://shop.test/items?x=2&token=***",
                    "/items?x=2&token=a%2Bb"},
        expectation{"/v2?token=a%2bb", "/v2?token=***", "/v2?token=a%2Bb"},
        expectation{"?x=1&after=7", "?x=***&after=7", "/items?x=1&after=7"},
        // What another page leaves out, or has of its own, stays so.
        expectation{"?token=other", "?token=other", "/items?token=other"},
        expectation{"/v2?after=7", "/v2?after=7", "/v2?after=7"}}) {
    CHECK(next(link) == cursor);
    CHECK(target_of(api, next(link), 5) == target);
  }
  CHECK(next("a?token=a%2Bb") == "a?token=a%2Bb");
  auto elsewhere = next("https://evil.test/?token=a%2Bb");
  CHECK(elsewhere == "https://evil.test/?token=***");
  auto refused = api.request_for(elsewhere, 5);
  REQUIRE(!refused);
  CHECK(message_of(refused.error()).find("is on another server")
        != std::string::npos);
}

TEST_CASE("no header is sent to another server") {
  auto source = source_of("https://shop.test/");
  source.headers["Authorization"] = secret{"Bearer t"};
  auto api = api_of(source);

  CHECK(api.request_for("", 1)->headers.get("authorization") == "Bearer t");
  for (auto link : {"https://evil.test/", "https://shop.test:444/",
                    "http://shop.test:81/"}) {
    auto request = api.request_for(link, 1);
    REQUIRE(!request);
    CHECK(message_of(request.error()).find("is on another server")
          != std::string::npos);
  }
}

TEST_CASE("answers say whether to ask again, and when") {
  auto api = api_of(source_of("http://localhost/products?key=geheim"));
  struct expectation {
    http::response given;
    bool passes;
    std::chrono::milliseconds wait;
  };
  using ms = std::chrono::milliseconds;
  for (const auto& [given, passes, wait] :
       {expectation{answer(429, "", {{"Retry-After", "7"}}), true, ms{7'000}},
        expectation{answer(429), true, ms{0}},
        expectation{answer(503, "", {{"Retry-After", "99999"}}), true,
                    ms{3'600'000}},
        expectation{answer(429, "",
                           {{"Retry-After", "Sun, 22 Nov 2026 17:33:05 GMT"},
                            {"Date", "Sun, 22 Nov 2026 17:33:00 GMT"}}),
                    true, ms{5'000}},
        expectation{answer(429, "", {{"Retry-After", "-5"}}), true, ms{0}},
        expectation{answer(500), true, ms{0}},
        expectation{answer(400), false, ms{0}},
        expectation{answer(401), false, ms{0}},
        expectation{answer(404), false, ms{0}},
        expectation{answer(302), false, ms{0}},
        expectation{answer(200, "<html>"), true, ms{0}},
        expectation{answer(200, "{}"), false, ms{0}},
        expectation{answer(200, R"({"items":{}})"), false, ms{0}},
        expectation{answer(200, R"({"items":[],"next":{}})"), false, ms{0}}}) {
    auto problem = problem_of(api, given);
    CHECK(is_passing(problem) == passes);
    CHECK(wait_of(problem) == wait);
    CHECK(message_of(problem).find("geheim") == std::string::npos);
    CHECK(message_of(problem).find("http://localhost:80/products")
          != std::string::npos);
  }
  auto lost = problem_of(api, http::send_error{http::failure::answer_lost,
                                               "GET http://l/?key=geheim: oh"});
  CHECK(is_passing(lost));
  CHECK(message_of(lost) == "http://localhost:80/products: oh");
}

TEST_CASE("places inside a page of the API are told from its own cursors") {
  for (auto at : {"", "abc", "+3:x", "+", "+:", "https://a/?b"})
    for (std::uint64_t skip : {0, 3}) {
      auto place = page_place::parse(page_place{at, skip}.cursor());
      CHECK(place.at == at);
      CHECK(place.skip == skip);
    }
  CHECK(page_place{"abc", 0}.cursor() == "abc");
}

TEST_CASE("what is no URL is refused without telling it") {
  auto api = page_api::make(source_of("postgres://user:geheim@host/"));
  REQUIRE(!api);
  CHECK(message_of(api.error()).find("source.url: must be an HTTP URL") == 0);
  CHECK(message_of(api.error()).find("geheim") == std::string::npos);
}
