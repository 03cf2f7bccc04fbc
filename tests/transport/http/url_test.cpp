#include "transport/http/url.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace orc::http;

TEST_CASE("an absolute URL is taken apart") {
  auto x = parse_url("https://api.apify.com/v2/acts?limit=1&x=%20#part");
  REQUIRE(x);
  CHECK(x->scheme == "https");
  CHECK(x->host == "api.apify.com");
  CHECK(x->port == 443);
  CHECK(x->target == "/v2/acts?limit=1&x=%20");
  CHECK(x->authority() == "api.apify.com:443");
}

TEST_CASE("port, path and case of the scheme may be left to the defaults") {
  CHECK(parse_url("HTTP://h")->target == "/");
  CHECK(parse_url("http://h:")->port == 80);
  CHECK(parse_url("http://h?a=1")->target == "/?a=1");
  CHECK(parse_url("http://127.0.0.1:8484/")->port == 8484);
}

TEST_CASE("an IPv6 address stands in brackets") {
  auto x = parse_url("http://[::1]:8080/a");
  REQUIRE(x);
  CHECK(x->host == "::1");
  CHECK(x->authority() == "[::1]:8080");
}

TEST_CASE("what is no absolute http or https URL is refused") {
  auto text
    = GENERATE("", "h", "/path", "ftp://h/", "http:/h", "http://", "http:///x",
               "http://:80/", "http://h:0/", "http://h:65536/", "http://h:8x/",
               "http://user:pw@h/", "http://h /", "http://h/\r\nHost: evil",
               "http://[::1/", "http://[::1]x/", "http://[]/",
               "http://[nothex]/", "http://h/\x01", "http://h\xC3\xA4/", "://h",
               "httpss://h");
  CHECK_FALSE(parse_url(text));
}

TEST_CASE("percent-encoding leaves only unreserved characters") {
  CHECK(percent_encode("job-1/3 ä~_.") == "job-1%2F3%20%C3%A4~_.");
  CHECK(percent_decode("job-1%2F3%20%C3%A4+") == "job-1/3 ä+");
}

TEST_CASE("malformed escapes are kept") {
  CHECK(percent_decode("%") == "%");
  CHECK(percent_decode("%4") == "%4");
  CHECK(percent_decode("%zz%41") == "%zzA");
  CHECK(percent_decode("100%") == "100%");
}

TEST_CASE("decoding undoes encoding for any bytes") {
  std::mt19937 random{7};
  std::string text(1000, '\0');
  for (auto& c : text)
    c = static_cast<char>(random());
  CHECK(percent_decode(percent_encode(text)) == text);
}

TEST_CASE("a query keeps the order of its entries and decodes them") {
  query x{"a=1&b=x+y%2B&a=2&&flag&=v"};
  CHECK(x.get("a") == "1");
  CHECK(x.get("b") == "x y+");
  CHECK(x.get("flag") == "");
  CHECK(x.contains(""));
  CHECK_FALSE(x.get("c"));
  CHECK(std::distance(x.begin(), x.end()) == 5);
}

TEST_CASE("a target is split at its first question mark") {
  CHECK(split_target("/a?b?c")
        == std::pair<std::string_view, std::string_view>{"/a", "b?c"});
  CHECK(split_target("/a").second.empty());
}

TEST_CASE("a query builder escapes names and values") {
  query_builder x;
  CHECK(x.str().empty());
  x.add("a b", "1&2").add("n", -3);
  CHECK(x.str() == "?a%20b=1%262&n=-3");
}

TEST_CASE("no text breaks the parsers of URLs") {
  std::mt19937 random{11};
  constexpr std::string_view alphabet = "htps:/[]?#@%&=+.0159afz\\ \r\n\xFF";
  for (int i = 0; i < 20000; ++i) {
    std::string text = i % 2 ? "http://" : "";
    for (auto n = random() % 20; n > 0; --n)
      text += alphabet[random() % alphabet.size()];
    if (auto x = parse_url(text))
      CHECK(parse_url(x->scheme + "://" + x->authority() + x->target));
    query{text};
    percent_decode(text);
  }
}
