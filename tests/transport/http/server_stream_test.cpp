#include "tests/transport/http/server_fixture.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>

using namespace orc::http;
using namespace orc::http::test;
using Catch::Contains;
using Catch::EndsWith;
using Catch::StartsWith;

namespace {

void stream(const exchange_ptr& x, response head = {}) {
  x->start(std::move(head));
  x->write("one ");
  x->write("");
  x->write("two");
  x->finish();
}

response with_length(const std::string& length) {
  response result;
  result.headers.add("Content-Length", length);
  return result;
}

} // namespace

TEST_CASE_METHOD(server_fixture, "an answer in pieces is chunked") {
  serve([](const exchange_ptr& x) { stream(x); });
  auto peer = connect();
  peer.send(get("/") + get("/", "Connection: close\r\n"));
  auto body = "\r\n\r\n4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n";
  CHECK_THAT(peer.read_until(body), Contains("Transfer-Encoding: chunked\r\n")
                                      && !Contains("Content-Length"));
  CHECK_THAT(peer.read_all(), EndsWith(body));
}

TEST_CASE_METHOD(server_fixture, "an answer in pieces may have a length") {
  serve([](const exchange_ptr& x) { stream(x, with_length("7")); });
  auto peer = connect();
  peer.send(get("/"));
  CHECK_THAT(peer.read_message(),
             !Contains("chunked") && EndsWith("\r\n\r\none two"));
}

TEST_CASE_METHOD(server_fixture,
                 "more than was announced is cut, less closes the connection") {
  serve([](const exchange_ptr& x) {
    stream(x, with_length(x->request().target.substr(1)));
  });
  auto more = connect();
  more.send(get("/5", "Connection: close\r\n"));
  CHECK_THAT(more.read_all(), EndsWith("\r\n\r\none t"));
  auto less = connect();
  less.send(get("/99"));
  CHECK_THAT(less.read_all(), EndsWith("\r\n\r\none two"));
}

TEST_CASE_METHOD(server_fixture, "a client of HTTP/1.0 gets no chunks") {
  serve([](const exchange_ptr& x) { stream(x); });
  auto peer = connect();
  peer.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK_THAT(peer.read_all(),
             !Contains("chunked") && EndsWith("\r\n\r\none two"));
}

TEST_CASE_METHOD(server_fixture, "HEAD of an answer in pieces has no body") {
  serve([](const exchange_ptr& x) { stream(x); });
  auto peer = connect();
  peer.send("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  CHECK_THAT(peer.read_all(), EndsWith("\r\n\r\n"));
}

TEST_CASE_METHOD(server_fixture, "a writer waits for a slow client") {
  std::atomic<int> written = 0;
  std::function<void()> produce;
  std::promise<void> gone;
  serve([&](const exchange_ptr& x) {
    x->start({});
    produce = [&, x] {
      x->write(std::string(1 << 20, 'x'), [&](bool ok) {
        ++written;
        ok ? produce() : gone.set_value();
      });
    };
    produce();
  });
  auto peer = connect();
  peer.send(get("/"));
  peer.read_until("\r\n\r\n");
  // What the buffers of both sockets hold is written at once, no more.
  CHECK(written < 64);
  peer.read_bytes(100 << 20);
  CHECK(written > 90);
  peer.close();
  CHECK(gone.get_future().wait_for(patience) == std::future_status::ready);
  running->stop();
  produce = nullptr;
}

TEST_CASE_METHOD(server_fixture,
                 "an answer that is never finished closes the connection") {
  serve([](const exchange_ptr& x) {
    x->start({});
    x->write("half");
  });
  auto peer = connect();
  peer.send(get("/"));
  CHECK_THAT(peer.read_all(), EndsWith("\r\n4\r\nhalf\r\n"));
}

TEST_CASE_METHOD(server_fixture, "drop in the middle of an answer cuts it") {
  serve([](const exchange_ptr& x) {
    x->start(with_length("100"));
    x->write("half", [x](bool) { x->drop(); });
  });
  auto peer = connect();
  peer.send(get("/"));
  CHECK_THAT(peer.read_all(), EndsWith("\r\n\r\nhalf"));
}

TEST_CASE_METHOD(server_fixture, "writes out of turn are told so") {
  std::atomic<int> refused = 0;
  serve([&](const exchange_ptr& x) {
    auto count = [&](bool ok) { refused += ok ? 0 : 1; };
    x->write("before start", count);
    x->start({});
    x->finish();
    x->write("after finish", count);
  });
  auto peer = connect();
  peer.send(get("/", "Connection: close\r\n"));
  CHECK_THAT(peer.read_all(), EndsWith("\r\n\r\n0\r\n\r\n"));
  CHECK(eventually([&] { return refused == 2; }));
}

TEST_CASE_METHOD(server_fixture, "pieces from another thread arrive in order") {
  std::promise<exchange_ptr> held;
  serve([&](exchange_ptr x) { held.set_value(std::move(x)); });
  auto peer = connect();
  peer.send(get("/", "Connection: close\r\n"));
  auto exchange = held.get_future().get();
  std::string expected;
  exchange->start(with_length("3890"));
  for (int i = 0; i < 1000; ++i) {
    auto piece = std::to_string(i) + ",";
    expected += piece;
    exchange->write(piece);
  }
  exchange->finish();
  CHECK_THAT(peer.read_all(), EndsWith("\r\n\r\n" + expected));
}
