#include "transport/http/content_coding.hpp"
#include "transport/http/request_reader.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace orc::http;

namespace {

using status = request_reader::status;

constexpr parser_limits limits{.max_header_bytes = 1000, .max_body_bytes = 500};

/// @returns the status that the server would answer; 200 for a whole request.
int verdict(const std::string& text) {
  request_reader reader{limits};
  reader.append(text);
  auto result = reader.read();
  if (result == status::refused)
    return reader.refusal();
  return result == status::complete ? 200 : 0;
}

const std::string head = "POST / HTTP/1.1\r\nHost: h\r\n";

} // namespace

TEST_CASE("a request is read however it is cut") {
  auto text = head
              + "Transfer-Encoding: "
                "chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n";
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    request_reader reader{limits};
    reader.append(text.substr(0, cut));
    REQUIRE(reader.read() == status::partial);
    reader.append(text.substr(cut));
    REQUIRE(reader.read() == status::complete);
    CHECK(reader.take().body == "abcdefg");
    CHECK(reader.read() == status::idle);
  }
}

TEST_CASE("a request is read byte by byte") {
  request_reader reader{limits};
  auto text = head + "Content-Length: 3\r\n\r\nabc";
  for (char c : text) {
    CHECK(reader.read() != status::complete);
    reader.append({&c, 1});
  }
  CHECK(reader.read() == status::complete);
}

TEST_CASE("a body in chunks is read byte by byte") {
  auto end = GENERATE(as<std::string>{}, "0\r\n\r\n", "0\r\nA: b\r\n\r\n",
                      "000;x=y\r\nA: b\r\nC: d\r\n\r\n");
  auto start = GENERATE(as<std::string>{}, "", "2\r\nhe\r\n3;x\r\nllo\r\n");
  request_reader reader{limits};
  for (char c : head + "Transfer-Encoding: chunked\r\n\r\n" + start + end) {
    CHECK(reader.read() != status::complete);
    reader.append({&c, 1});
  }
  REQUIRE(reader.read() == status::complete);
  CHECK(reader.take().body == (start.empty() ? "" : "hello"));
}

TEST_CASE("requests that stand one behind the other are read one by one") {
  request_reader reader{limits};
  for (int i = 0; i < 100; ++i)
    reader.append("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n");
  for (int i = 0; i < 100; ++i) {
    REQUIRE(reader.read() == status::complete);
    CHECK(reader.take().target == "/" + std::to_string(i));
  }
  CHECK(reader.read() == status::idle);
}

TEST_CASE("a target may name the server, in place of `Host`") {
  request_reader reader{limits};
  reader.append("GET http://x.example:81/a?b=1 HTTP/1.1\r\nHost: h\r\n\r\n"
                "GET http://x.example HTTP/1.1\r\nHost: h\r\n\r\n");
  REQUIRE(reader.read() == status::complete);
  auto first = reader.take();
  CHECK(first.target == "/a?b=1");
  CHECK(first.headers.get("Host") == "x.example:81");
  REQUIRE(reader.read() == status::complete);
  CHECK(reader.take().target == "/");
}

TEST_CASE("what could be read in two ways is malformed") {
  auto text = GENERATE_COPY(
    as<std::string>{}, "GET / HTTP/1.1\r\n\r\n",
    "GET / HTTP/2.0\r\nHost: h\r\n\r\n", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET / HTTP/1.1\nHost: h\n\n", "G\x01T / HTTP/1.1\r\nHost: h\r\n\r\n",
    "\x16\x03\x01\x02",
    head + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    head + "Content-Length: -1\r\n\r\n", head + "Content-Length: 3x\r\n\r\nabc",
    head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    head + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    head + "Transfer-Encoding: gzip\r\n\r\n",
    head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    head + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    head + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
    head + "Bad Name: x\r\n\r\n", head + "NoColon\r\n\r\n",
    head + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc");
  CAPTURE(text);
  CHECK(verdict(text) == 400);
}

TEST_CASE("headers, trailers and chunk headers have a limit") {
  auto big = std::string(2000, 'a');
  auto chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
  auto text = GENERATE_COPY("GET /" + big, "GET /" + big + " HTTP/1.1\r\n",
                            head + "X: " + big, head + "X: " + big + "\r\n\r\n",
                            chunked + "1;" + big, chunked + "0\r\nX: " + big);
  CHECK(verdict(text) == 431);
}

TEST_CASE("bodies have a limit on the wire and after decoding") {
  auto zeros = encode_gzip(std::string(100'000, '\0'));
  auto text
    = GENERATE_COPY(head + "Content-Length: 501\r\n\r\n",
                    head + "Content-Length: 99999999999999999\r\n\r\n",
                    head + "Transfer-Encoding: chunked\r\n\r\n1f5\r\n",
                    head + "Content-Encoding: gzip\r\nContent-Length: "
                      + std::to_string(zeros.size()) + "\r\n\r\n" + zeros);
  CHECK(verdict(text) == 413);
}

TEST_CASE("an encoding that nobody knows is 415") {
  CHECK(verdict(head + "Content-Encoding: zstd\r\nContent-Length: 1\r\n\r\nx")
        == 415);
}

TEST_CASE("an encoded body is decoded and its header removed") {
  request_reader reader{limits};
  auto body = encode_gzip("hello");
  reader.append(head + "Content-Encoding: gzip\r\nContent-Length: "
                + std::to_string(body.size()) + "\r\n\r\n" + body);
  REQUIRE(reader.read() == status::complete);
  auto request = reader.take();
  CHECK(request.body == "hello");
  CHECK(request.wire_body_bytes == body.size());
  CHECK_FALSE(request.headers.contains("Content-Encoding"));
}

TEST_CASE("trailers do not become headers") {
  request_reader reader{limits};
  reader.append(head
                + "Transfer-Encoding: chunked\r\n\r\n0\r\nX-Late: 1\r\n\r\n");
  REQUIRE(reader.read() == status::complete);
  CHECK_FALSE(reader.take().headers.contains("X-Late"));
}

TEST_CASE("a client is told to continue once, and only if it asks") {
  request_reader reader{limits};
  reader.append(head + "Expect: 100-Continue\r\nContent-Length: 3\r\n\r\n");
  CHECK(reader.read() == status::partial);
  CHECK(reader.wants_continue());
  CHECK_FALSE(reader.wants_continue());
}

TEST_CASE("keep-alive is the default of HTTP/1.1 only") {
  auto [text, keep] = GENERATE(table<std::string, bool>({
    {"GET / HTTP/1.1\r\nHost: h\r\n\r\n", true},
    {"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", false},
    {"GET / HTTP/1.0\r\n\r\n", false},
    {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true},
  }));
  request_reader reader{limits};
  reader.append(text);
  REQUIRE(reader.read() == status::complete);
  CHECK(reader.keep_alive() == keep);
}

TEST_CASE("no bytes break the reader") {
  std::mt19937 random{3};
  auto seed
    = head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nA: b\r\n\r\n"
      + head + "Content-Length: 3\r\n\r\nabc";
  for (int i = 0; i < 20000; ++i) {
    auto text = seed;
    for (auto n = random() % 4; n > 0; --n)
      text[random() % text.size()] = static_cast<char>(random());
    request_reader reader{limits};
    while (!text.empty()) {
      auto n = 1 + random() % text.size();
      reader.append(text.substr(0, n));
      text.erase(0, n);
      while (reader.read() == status::complete)
        reader.take();
    }
  }
  SUCCEED();
}
