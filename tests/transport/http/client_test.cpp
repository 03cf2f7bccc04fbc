#include "tests/transport/http/client_fixture.hpp"
#include "tests/transport/http/server_fixture.hpp"
#include "transport/http/content_coding.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <set>
#include <vector>

using namespace orc::http;
using namespace orc::http::test;
using namespace std::chrono_literals;
using Catch::Contains;
using Catch::EndsWith;
using Catch::StartsWith;

namespace {

/// A client and a server of ours, each on a thread of its own.
struct pair_fixture : client_fixture {
  using client_fixture::client_fixture;

  ~pair_fixture() {
    sender.reset();
  }

  outgoing here(const std::string& target = "/") const {
    return to(other.running->port(), target);
  }

  server_fixture other;
};

struct small_pool_fixture : pair_fixture {
  small_pool_fixture() : pair_fixture{client_options{.max_connections = 4}} {
    // nop
  }
};

/// @returns what a server sees of a request.
std::string seen_by_server(client_fixture& x, outgoing what) {
  std::promise<std::string> seen;
  scripted_server server{[&](raw_socket& peer, int) {
    seen.set_value(peer.read_until("\r\n\r\n"));
    peer.send(plain_answer(""));
  }};
  what.url.port = server.port();
  x.ask(std::move(what));
  return seen.get_future().get();
}

} // namespace

TEST_CASE_METHOD(pair_fixture, "a request is sent and answered") {
  other.serve(echo);
  auto what = here("/a?b=1");
  what.method = "PUT";
  what.body = std::make_shared<const std::string>("body");
  auto answer = answer_of(ask(what));
  CHECK(answer.status == 200);
  CHECK(answer.body == "PUT /a?b=1 body");
  CHECK(answer.headers.get("content-type") == "text/plain");
  CHECK(answer.headers.contains("Date"));
}

TEST_CASE_METHOD(client_fixture, "a request says what HTTP/1.1 asks for") {
  auto what = to(0, "/x");
  what.headers.add("X-A", "1\r\nX-B: 2");
  what.headers.add("Content-Length", "99");
  CHECK_THAT(seen_by_server(*this, what),
             StartsWith("GET /x HTTP/1.1\r\nHost: 127.0.0.1:")
               && Contains("\r\nX-A: 1  X-B: 2\r\n")
               && Contains("\r\nAccept-Encoding: gzip, br\r\n")
               && !Contains("Content-Length"));
  what.method = "POST";
  CHECK_THAT(seen_by_server(*this, what),
             Contains("\r\nContent-Length: 0\r\n") && !Contains("99"));
}

TEST_CASE_METHOD(client_fixture, "answers are decoded") {
  scripted_server server{[&](raw_socket& peer, int) {
    peer.read_until("\r\n\r\n");
    auto body = encode_gzip("hello");
    peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
              + std::to_string(body.size()) + "\r\n\r\n" + body);
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: secret\r\nContent-Length: "
              "1\r\n\r\nx");
  }};
  auto decoded = answer_of(ask(to(server.port())));
  CHECK(decoded.body == "hello");
  CHECK_FALSE(decoded.headers.contains("Content-Encoding"));
  auto unknown = answer_of(ask(to(server.port())));
  CHECK(unknown.headers.get("Content-Encoding") == "secret");
  CHECK(unknown.body == "x");
}

TEST_CASE_METHOD(
  client_fixture,
  "an answer ends by length, by chunks, or with the connection") {
  auto text
    = GENERATE("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
               "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
               "chunked\r\n\r\n2\r\nhe\r\n3;x\r\nllo\r\n0\r\nT: 1\r\n\r\n",
               "HTTP/1.1 200 OK\r\n\r\nhello", "HTTP/1.0 200 OK\r\n\r\nhello",
               "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: "
               "x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  scripted_server server{[&](raw_socket& peer, int) {
    peer.read_until("\r\n\r\n");
    for (const char* c = text; *c; ++c)
      peer.send({c, 1});
  }};
  auto answer = answer_of(ask(to(server.port())));
  CHECK(answer.status == 200);
  CHECK(answer.body == "hello");
}

TEST_CASE_METHOD(pair_fixture, "HEAD, 204 and 304 have no body to wait for") {
  other.serve([](const exchange_ptr& x) {
    x->reply(text_response("12345", x->request().target == "/b"   ? 204
                                    : x->request().target == "/c" ? 304
                                                                  : 200));
  });
  auto head = here("/a");
  head.method = "HEAD";
  auto answer = answer_of(ask(head));
  CHECK(answer.headers.get("Content-Length") == "5");
  CHECK(answer.body.empty());
  CHECK(answer_of(ask(here("/b"))).status == 204);
  CHECK(answer_of(ask(here("/c"))).status == 304);
}

TEST_CASE_METHOD(client_fixture, "a connection is used again") {
  std::atomic<int> connections = 0;
  scripted_server server{[&](raw_socket& peer, int) {
    ++connections;
    while (!peer.read_until("\r\n\r\n").empty())
      peer.send(plain_answer("x"));
  }};
  for (int i = 0; i < 50; ++i)
    CHECK(answer_of(ask(to(server.port()))).status == 200);
  CHECK(connections == 1);
  sender.reset();
}

TEST_CASE_METHOD(client_fixture,
                 "a connection that the server closed is replaced") {
  auto goodbye = GENERATE("", "Connection: close\r\n");
  scripted_server server{[&](raw_socket& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\n" + std::string{goodbye}
              + "Content-Length: 0\r\n\r\n");
  }};
  for (int i = 0; i < 20; ++i) {
    CHECK(answer_of(ask(to(server.port()))).status == 200);
    // The end of the connection is under way; only then it can be noticed.
    std::this_thread::sleep_for(5ms);
  }
}

TEST_CASE_METHOD(client_fixture,
                 "a connection is given up before the server's time is over") {
  std::atomic<int> connections = 0;
  scripted_server server{[&](raw_socket& peer, int) {
    ++connections;
    peer.read_until("\r\n\r\n");
    peer.send(
      "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\nContent-Length: 0\r\n\r\n");
  }};
  ask(to(server.port()));
  CHECK(answer_of(ask(to(server.port()))).status == 200);
  CHECK(connections == 2);
}

TEST_CASE_METHOD(client_fixture,
                 "an answer that comes before the request is sent counts") {
  scripted_server server{[&](raw_socket& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n");
    peer.wait_closed();
  }};
  auto answer
    = answer_of(ask(post_to(server.port(), std::string(64 << 20, 'x'))));
  CHECK(answer.status == 413);
}

TEST_CASE_METHOD(small_pool_fixture,
                 "requests past the limit of connections wait in line") {
  std::atomic<int> open = 0;
  std::atomic<int> most = 0;
  other.serve([&](const exchange_ptr& x) {
    most = std::max<int>(most, ++open);
    other.runtime.post([x, &open] {
      --open;
      echo(x);
    });
  });
  std::vector<std::future<client::result>> all;
  for (int i = 0; i < 200; ++i)
    all.push_back(start(here("/" + std::to_string(i))));
  for (int i = 0; i < 200; ++i)
    CHECK(answer_of(all[i].get()).body == "GET /" + std::to_string(i) + " ");
  CHECK(most <= 4);
}

TEST_CASE_METHOD(pair_fixture,
                 "2000 long polls over 256 connections just work") {
  std::mutex mutex;
  std::vector<exchange_ptr> held;
  std::atomic<bool> release = false;
  other.serve([&](exchange_ptr x) {
    if (release)
      return echo(x);
    std::lock_guard guard{mutex};
    held.push_back(std::move(x));
  });
  std::vector<std::future<client::result>> all;
  for (int i = 0; i < 2000; ++i)
    all.push_back(start(here("/" + std::to_string(i))));
  CHECK(eventually([&] {
    std::lock_guard guard{mutex};
    return held.size() == 256;
  }));
  release = true;
  for (auto& x : held)
    echo(x);
  held.clear();
  for (int i = 0; i < 2000; ++i)
    CHECK(answer_of(all[i].get()).body == "GET /" + std::to_string(i) + " ");
}

TEST_CASE_METHOD(pair_fixture, "a callback may send the next request") {
  other.serve(echo);
  std::promise<int> done;
  std::function<void(int)> next = [&](int i) {
    sender->send(here(), [&, i](client::result x) {
      if (i == 0 || x.index() != 0)
        return done.set_value(i);
      next(i - 1);
    });
  };
  next(1000);
  CHECK(done.get_future().get() == 0);
}

TEST_CASE_METHOD(pair_fixture, "large bodies go both ways") {
  other.serve(
    [](const exchange_ptr& x) { x->reply(text_response(x->take_body())); });
  std::string body(9 << 20, '\0');
  for (std::size_t i = 0; i < body.size(); ++i)
    body[i] = static_cast<char>(i * 31 >> 3);
  CHECK(answer_of(ask(post_to(other.running->port(), body))).body == body);
}
