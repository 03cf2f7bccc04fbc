#include "tests/transport/http/server_fixture.hpp"
#include "transport/http/content_coding.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <set>
#include <vector>

using namespace orc;
using namespace orc::http;
using namespace orc::http::test;
using Catch::Contains;
using Catch::EndsWith;
using Catch::StartsWith;

TEST_CASE_METHOD(server_fixture, "a request is answered with its fields") {
  serve(echo);
  auto peer = connect();
  peer.send(get("/a?b=1"));
  auto answer = peer.read_message();
  CHECK_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  CHECK_THAT(answer, Contains("\r\nContent-Type: text/plain\r\n"));
  CHECK_THAT(answer, Contains("\r\nContent-Length: 11\r\n"));
  CHECK_THAT(answer, Contains("\r\nDate: ") && Contains(" GMT\r\n"));
  CHECK_THAT(answer, EndsWith("\r\n\r\nGET /a?b=1 "));
}

TEST_CASE_METHOD(server_fixture,
                 "a connection serves one request after another") {
  serve(echo);
  auto peer = connect();
  for (int i = 0; i < 100; ++i) {
    peer.send(post(std::to_string(i)));
    CHECK_THAT(peer.read_message(), EndsWith("POST /p " + std::to_string(i)));
  }
}

TEST_CASE_METHOD(server_fixture, "pipelined requests are answered in order") {
  std::vector<exchange_ptr> held;
  std::promise<void> first;
  serve([&](exchange_ptr x) {
    if (x->request().target != "/slow")
      return echo(x);
    held.push_back(std::move(x));
    first.set_value();
  });
  auto peer = connect();
  peer.send(get("/slow") + get("/1") + post("two")
            + get("/3", "Connection: close\r\n"));
  first.get_future().wait();
  held.front()->reply(text_response("slow"));
  auto all = peer.read_all();
  auto slow = all.find("slow");
  auto one = all.find("GET /1 ");
  auto two = all.find("POST /p two");
  auto three = all.find("GET /3 ");
  CHECK((slow < one && one < two && two < three && three < all.size()));
}

TEST_CASE_METHOD(server_fixture, "HEAD is answered like GET without the body") {
  serve([](const exchange_ptr& x) { x->reply(text_response("12345")); });
  auto peer = connect();
  peer.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"
            + get("/", "Connection: close\r\n"));
  auto all = peer.read_all();
  auto second = all.find("HTTP/1.1", 1);
  CHECK_THAT(all.substr(0, second),
             Contains("Content-Length: 5\r\n") && EndsWith("\r\n\r\n"));
  CHECK_THAT(all.substr(second), EndsWith("12345"));
}

TEST_CASE_METHOD(server_fixture, "204 and 304 have neither body nor length") {
  serve([](const exchange_ptr& x) {
    x->reply(text_response("must not appear",
                           x->request().target == "/a" ? 204 : 304));
  });
  auto peer = connect();
  peer.send(get("/a") + get("/b", "Connection: close\r\n"));
  auto all = peer.read_all();
  CHECK_THAT(all, !Contains("appear") && !Contains("Content-Length"));
  CHECK_THAT(all, Contains("204 No Content") && Contains("304 Not Modified"));
}

TEST_CASE_METHOD(
  server_fixture,
  "a client of HTTP/1.0 is served and closed, or kept if it asks") {
  serve(echo);
  auto once = connect();
  once.send("GET /x HTTP/1.0\r\n\r\n");
  CHECK_THAT(once.read_all(),
             Contains("Connection: close\r\n") && EndsWith("GET /x "));
  auto kept = connect();
  kept.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK_THAT(kept.read_message(), Contains("Connection: keep-alive\r\n"));
  kept.send("GET /2 HTTP/1.0\r\n\r\n");
  CHECK_THAT(kept.read_all(), EndsWith("GET /2 "));
}

TEST_CASE_METHOD(server_fixture,
                 "a handler may close the connection with its answer") {
  serve([](const exchange_ptr& x) {
    auto answer = text_response("bye");
    answer.headers.add("Connection", "close");
    x->reply(std::move(answer));
  });
  auto peer = connect();
  peer.send(get("/"));
  CHECK_THAT(peer.read_all(), EndsWith("bye"));
}

TEST_CASE_METHOD(server_fixture,
                 "a client that expects 100 is told to continue") {
  serve(echo);
  auto peer = connect();
  peer.send("PUT /x HTTP/1.1\r\nHost: h\r\nExpect: "
            "100-continue\r\nContent-Length: 4\r\n\r\n");
  CHECK(peer.read_message() == "HTTP/1.1 100 Continue\r\n\r\n");
  peer.send("body");
  CHECK_THAT(peer.read_message(), EndsWith("PUT /x body"));
}

TEST_CASE_METHOD(server_fixture,
                 "compressed and chunked bodies arrive decoded") {
  serve(echo);
  auto peer = connect();
  peer.send(post(encode_gzip("hello"), "Content-Encoding: gzip\r\n"));
  CHECK_THAT(peer.read_message(), EndsWith("POST /p hello"));
  peer.send("POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
            "chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
  CHECK_THAT(peer.read_message(), EndsWith("POST /c abc"));
}

TEST_CASE_METHOD(server_fixture,
                 "an exchange is answered from any thread, much later") {
  std::promise<exchange_ptr> held;
  serve([&](exchange_ptr x) { held.set_value(std::move(x)); });
  auto peer = connect();
  peer.send(get("/"));
  auto exchange = held.get_future().get();
  CHECK(exchange->request().remote_address == "127.0.0.1");
  CHECK(running->active() == 1);
  exchange->reply(text_response("late"));
  CHECK_THAT(peer.read_message(), EndsWith("late"));
  CHECK(eventually([&] { return running->active() == 0; }));
}

TEST_CASE_METHOD(
  server_fixture,
  "an exchange that is dropped without an answer is answered 500") {
  serve([](const exchange_ptr&) {});
  auto peer = connect();
  peer.send(get("/"));
  CHECK_THAT(peer.read_message(), StartsWith("HTTP/1.1 500 "));
}

TEST_CASE_METHOD(server_fixture, "a handler that throws is answered 500") {
  serve([](const exchange_ptr&) { throw std::runtime_error("boom"); });
  auto peer = connect();
  peer.send(get("/"));
  CHECK_THAT(peer.read_message(),
             StartsWith("HTTP/1.1 500 ") && Contains("boom"));
}

TEST_CASE_METHOD(server_fixture, "only the first answer counts") {
  serve([](const exchange_ptr& x) {
    x->reply(text_response("one"));
    x->reply(text_response("two"));
    x->start({});
    x->finish();
  });
  auto peer = connect();
  peer.send(get("/", "Connection: close\r\n"));
  CHECK_THAT(peer.read_all(), EndsWith("one"));
}

TEST_CASE_METHOD(server_fixture, "drop closes without an answer") {
  serve([](const exchange_ptr& x) { x->drop(); });
  auto peer = connect();
  peer.send(get("/"));
  CHECK(peer.read_all().empty());
  CHECK(eventually([&] { return running->active() == 0; }));
}

TEST_CASE_METHOD(server_fixture,
                 "line breaks in header values smuggle nothing in") {
  serve([](const exchange_ptr& x) {
    auto answer = text_response("x");
    answer.headers.add("X-Evil", "a\r\nSet-Cookie: b");
    x->reply(std::move(answer));
  });
  auto peer = connect();
  peer.send(get("/"));
  CHECK_THAT(peer.read_message(), Contains("X-Evil: a  Set-Cookie: b\r\n"));
}

TEST_CASE_METHOD(server_fixture,
                 "a client that goes away is noticed before the answer") {
  std::promise<void> gone;
  std::promise<exchange_ptr> held;
  serve([&](exchange_ptr x) {
    x->on_gone([&] { gone.set_value(); });
    held.set_value(std::move(x));
  });
  auto peer = connect();
  peer.send(get("/"));
  auto exchange = held.get_future().get();
  peer.close();
  CHECK(gone.get_future().wait_for(patience) == std::future_status::ready);
  exchange->reply(text_response("nobody reads this"));
  exchange = nullptr;
  CHECK(eventually([&] { return running->active() == 0; }));
}

TEST_CASE_METHOD(server_fixture,
                 "a client that closed only its half gets the answer") {
  std::promise<exchange_ptr> held;
  std::promise<void> gone;
  serve([&](exchange_ptr x) {
    x->on_gone([&] { gone.set_value(); });
    held.set_value(std::move(x));
  });
  auto peer = connect();
  peer.send(get("/"));
  auto exchange = held.get_future().get();
  peer.shut_down();
  gone.get_future().wait();
  exchange->reply(text_response("still here"));
  CHECK_THAT(peer.read_all(), EndsWith("still here"));
}

TEST_CASE_METHOD(server_fixture,
                 "draining closes idle connections and lets answers finish") {
  std::promise<exchange_ptr> held;
  serve([&](exchange_ptr x) {
    if (x->request().target == "/idle")
      return echo(x);
    held.set_value(std::move(x));
  });
  auto idle = connect();
  idle.send(get("/idle"));
  idle.read_message();
  auto busy = connect();
  busy.send(get("/busy"));
  auto exchange = held.get_future().get();
  running->drain();
  CHECK(idle.read_all().empty());
  exchange->reply(text_response("done"));
  CHECK_THAT(busy.read_all(),
             Contains("Connection: close\r\n") && EndsWith("done"));
  CHECK(eventually([&] {
    try {
      connect();
      return false;
    } catch (const std::runtime_error&) {
      return true;
    }
  }));
}

TEST_CASE_METHOD(server_fixture, "stop closes everything, answered or not") {
  std::promise<exchange_ptr> held;
  serve([&](exchange_ptr x) { held.set_value(std::move(x)); });
  auto idle = connect();
  auto busy = connect();
  busy.send(get("/"));
  auto exchange = held.get_future().get();
  running->stop();
  CHECK(idle.read_all().empty());
  CHECK(busy.read_all().empty());
  CHECK(running->active() == 0);
  exchange->reply(text_response("too late"));
}

TEST_CASE("stop returns although the runtime was stopped before") {
  io_runtime runtime;
  server running{runtime, {}, echo};
  REQUIRE_FALSE(running.listen());
  auto peer = raw_socket::to(running.port());
  peer.send(get("/"));
  peer.read_message();
  runtime.stop();
  running.stop();
}

TEST_CASE("an address that cannot be had says why") {
  io_runtime runtime;
  server first{runtime, {}, echo};
  REQUIRE_FALSE(first.listen());
  server second{runtime, {.port = first.port()}, echo};
  CHECK(second.listen() == std::errc::address_in_use);
  server third{runtime, {.address = "localhost"}, echo};
  CHECK(third.listen() == std::errc::invalid_argument);
}

TEST_CASE("many clients are served on a runtime of several threads") {
  io_runtime runtime{3};
  server running{runtime, {}, [&](const exchange_ptr& x) {
                   if (x->request().target != "/later")
                     return echo(x);
                   runtime.post([x] { echo(x); });
                 }};
  REQUIRE_FALSE(running.listen());
  std::vector<raw_socket> peers;
  for (int i = 0; i < 200; ++i)
    peers.push_back(raw_socket::to(running.port()));
  for (int round = 0; round < 20; ++round) {
    for (auto& x : peers)
      x.send(get("/later") + get("/now"));
    for (auto& x : peers) {
      CHECK_THAT(x.read_message(), EndsWith("GET /later "));
      CHECK_THAT(x.read_message(), EndsWith("GET /now "));
    }
  }
}
