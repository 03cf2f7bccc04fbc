#include "tests/transport/http/server_fixture.hpp"
#include "transport/http/content_coding.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace orc::http;
using namespace orc::http::test;
using namespace std::chrono_literals;
using Catch::Contains;
using Catch::EndsWith;
using Catch::StartsWith;

namespace {

struct limited_fixture : server_fixture {
  limited_fixture() {
    server_options options;
    options.max_body_bytes = 1000;
    options.max_header_bytes = 2000;
    options.read_timeout = 1s;
    options.idle_timeout = 1s;
    options.max_connections = 10;
    options.render_error = [](int status, std::string_view message) {
      return std::to_string(status) + ": " + std::string{message};
    };
    auto count = [this](const exchange_ptr& x) {
      ++handled;
      echo(x);
    };
    serve(count, options);
  }

  /// @returns all that the server says, after which it has closed.
  std::string ask(const std::string& text) const {
    auto peer = connect();
    peer.send(text);
    return peer.read_all();
  }

  std::atomic<int> handled = 0;
};

} // namespace

TEST_CASE_METHOD(limited_fixture,
                 "a malformed request is answered 400 and closed") {
  CHECK_THAT(ask("nonsense\r\n\r\n"),
             StartsWith("HTTP/1.1 400 ")
               && Contains("\r\n\r\n400: malformed request: "));
  CHECK_THAT(ask("\x16\x03\x01\x02\x00"), StartsWith("HTTP/1.1 400 "));
  CHECK_THAT(ask("GET / HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  CHECK(handled == 0);
}

TEST_CASE_METHOD(limited_fixture,
                 "a header that is too large is answered 431") {
  CHECK_THAT(ask(get("/", "X: " + std::string(3000, 'x') + "\r\n")),
             StartsWith("HTTP/1.1 431 ") && Contains("Connection: close"));
  CHECK(handled == 0);
}

TEST_CASE_METHOD(limited_fixture,
                 "a body that is too large is answered 413 before it is read") {
  CHECK_THAT(ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: "
                 "1001\r\nExpect: 100-continue\r\n\r\n"),
             StartsWith("HTTP/1.1 413 ")
               && EndsWith("413: the body exceeds 1000 bytes"));
  CHECK_THAT(ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
                 "chunked\r\n\r\n3e9\r\n"),
             StartsWith("HTTP/1.1 413 "));
  CHECK(handled == 0);
}

TEST_CASE_METHOD(limited_fixture,
                 "a client that goes on sending still reads the 413") {
  CHECK_THAT(ask(post(std::string(5 << 20, 'x'))), StartsWith("HTTP/1.1 413 "));
}

TEST_CASE_METHOD(limited_fixture,
                 "a body that is too large once decoded is answered 413") {
  auto bomb = encode_gzip(std::string(100'000, '\0'));
  REQUIRE(bomb.size() < 1000);
  CHECK_THAT(ask(post(bomb, "Content-Encoding: gzip\r\n")),
             StartsWith("HTTP/1.1 413 "));
  CHECK(handled == 0);
}

TEST_CASE_METHOD(limited_fixture,
                 "an unknown encoding is answered 415, a broken one 400") {
  CHECK_THAT(ask(post("x", "Content-Encoding: zstd\r\n")),
             StartsWith("HTTP/1.1 415 "));
  CHECK_THAT(ask(post("x", "Content-Encoding: gzip\r\n")),
             StartsWith("HTTP/1.1 400 "));
}

TEST_CASE_METHOD(limited_fixture,
                 "a request that does not arrive in time is answered 408") {
  CHECK_THAT(ask("GET / HTTP/1.1\r\nHo"), StartsWith("HTTP/1.1 408 "));
}

TEST_CASE_METHOD(limited_fixture,
                 "an idle connection is closed without a word") {
  CHECK(ask("").empty());
  auto peer = connect();
  peer.send(get("/"));
  peer.read_message();
  CHECK(peer.read_all().empty());
}

TEST_CASE_METHOD(limited_fixture,
                 "connections past the limit wait for their turn") {
  std::vector<raw_socket> first;
  for (int i = 0; i < 10; ++i)
    first.push_back(connect());
  for (auto& x : first) {
    x.send(get("/"));
    x.read_message();
  }
  auto next = connect();
  next.send(get("/next"));
  first.pop_back();
  CHECK_THAT(next.read_message(), EndsWith("GET /next "));
}

TEST_CASE_METHOD(server_fixture,
                 "a client that does not read its answer is cut off") {
  server_options options;
  options.idle_timeout = 1s;
  serve(
    [](const exchange_ptr& x) {
      x->reply(text_response(std::string(64 << 20, 'x')));
    },
    options);
  auto peer = connect();
  peer.send(get("/"));
  CHECK(eventually([&] { return running->active() == 1; }));
  CHECK(eventually([&] { return running->active() == 0; }));
}

TEST_CASE_METHOD(server_fixture,
                 "an answer may take longer than the idle time-out") {
  server_options options;
  options.idle_timeout = 1s;
  exchange_ptr held;
  orc::io_timer timer{runtime};
  serve(
    [&](exchange_ptr x) {
      held = std::move(x);
      timer.start(1800ms, [&] {
        std::exchange(held, {})->reply(text_response("late"));
      });
    },
    options);
  auto peer = connect();
  peer.send(get("/"));
  CHECK_THAT(peer.read_message(), EndsWith("late"));
}
