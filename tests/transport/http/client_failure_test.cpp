#include "tests/transport/http/client_fixture.hpp"
#include "tests/transport/http/server_fixture.hpp"
#include "transport/http/content_coding.hpp"

#include <catch2/catch.hpp>

#include <poll.h>
#include <vector>

using namespace orc;
using namespace orc::http;
using namespace orc::http::test;
using namespace std::chrono_literals;
using Catch::Contains;
using Catch::StartsWith;

namespace {

struct single_connection_fixture : client_fixture {
  single_connection_fixture()
    : client_fixture{{.max_connections = 1, .connect_timeout = 300ms}} {
    // nop
  }
};

/// @returns the error when the first request of a connection is answered so.
send_error
error_after(client_fixture& x, const std::string& answer, outgoing what = {}) {
  scripted_server server{[&](raw_socket& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.send(answer);
  }};
  what.url = client_fixture::to(server.port()).url;
  return error_of(x.ask(std::move(what)));
}

/// @returns a port on which nobody listens.
std::uint16_t free_port() {
  scripted_server server{[](raw_socket&, int) {}};
  return server.port();
}

} // namespace

TEST_CASE_METHOD(client_fixture, "a connection that is refused sent nothing") {
  auto port = free_port();
  auto error = error_of(ask(to(port)));
  CHECK(error.kind == failure::not_sent);
  CHECK(error.message
        == "connect to 127.0.0.1:" + std::to_string(port)
             + ": Connection refused");
}

TEST_CASE("a client for the Internet reaches nothing of this machine, by "
          "address or by name") {
  client_fixture client{{.public_only = true}};
  scripted_server server{[](raw_socket&, int) {}};
  for (auto host : {"127.0.0.1", "localhost"}) {
    auto what = client_fixture::to(server.port());
    what.url.host = host;
    auto error = error_of(client.ask(what));
    CHECK(error.kind == failure::not_sent);
    CHECK_THAT(error.message,
               Contains("only addresses of the public Internet are allowed"));
  }
}

TEST_CASE_METHOD(client_fixture, "a name that nobody knows sent nothing") {
  auto what = to(80);
  what.url.host = "no-such-host.invalid";
  auto error = error_of(ask(what));
  CHECK(error.kind == failure::not_sent);
  CHECK_THAT(error.message, StartsWith("connect to no-such-host.invalid:80: "));
}

TEST_CASE_METHOD(client_fixture,
                 "a request that cannot be written down sent nothing") {
  auto what = to(80);
  what.url.target = "/a b\r\nX: y";
  CHECK(error_of(ask(what)).kind == failure::not_sent);
  what = to(80);
  what.method = "GE T";
  CHECK(error_of(ask(what)).kind == failure::not_sent);
}

TEST_CASE_METHOD(client_fixture, "whatever cuts an answer short loses it") {
  auto answer = GENERATE(
    "", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n", "SSH-2.0-OpenSSH\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
    "5\r\n\r\nhello");
  auto error = error_after(*this, answer);
  CHECK(error.kind == failure::answer_lost);
  CHECK_THAT(error.message, StartsWith("GET http://127.0.0.1:"));
}

TEST_CASE_METHOD(client_fixture,
                 "a message does not show the query, which may carry a token") {
  scripted_server server{[](raw_socket&, int) {}};
  CHECK_THAT(error_of(ask(to(server.port(), "/v2/acts?token=secret"))).message,
             Contains("/v2/acts: ") && !Contains("secret"));
}

TEST_CASE_METHOD(client_fixture, "a reset after the request loses the answer") {
  scripted_server server{[](raw_socket& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.reset();
  }};
  CHECK(error_of(ask(to(server.port()))).kind == failure::answer_lost);
}

TEST_CASE_METHOD(
  client_fixture,
  "a request that breaks while it is written may have been read") {
  scripted_server server{[](raw_socket& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.reset();
  }};
  CHECK(error_of(ask(post_to(server.port(), std::string(32 << 20, 'x')))).kind
        == failure::answer_lost);
}

TEST_CASE_METHOD(client_fixture, "an answer that is too late is lost") {
  scripted_server server{[](raw_socket& peer, int) { peer.wait_closed(); }};
  auto what = to(server.port());
  what.timeout = 50ms;
  auto error = error_of(ask(what));
  CHECK(error.kind == failure::answer_lost);
  CHECK_THAT(error.message, Contains("no answer within 50 ms"));
}

TEST_CASE_METHOD(client_fixture,
                 "an answer that drips does not outlive the time-out") {
  scripted_server server{[](raw_socket& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    while (peer.send("x"))
      std::this_thread::sleep_for(1ms);
  }};
  auto what = to(server.port());
  what.timeout = 100ms;
  CHECK(error_of(ask(what)).kind == failure::answer_lost);
}

TEST_CASE_METHOD(client_fixture, "an answer that is too large is lost") {
  outgoing what;
  what.max_body_bytes = 10;
  CHECK_THAT(error_after(*this, plain_answer("12345678901"), what).message,
             Contains("exceeds 10 bytes"));
  auto bomb = encode_gzip(std::string(1000, '\0'));
  what.max_body_bytes = 100;
  CHECK_THAT(
    error_after(*this,
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
                  + std::to_string(bomb.size()) + "\r\n\r\n" + bomb,
                what)
      .message,
    Contains("exceeds 100 bytes"));
}

TEST_CASE_METHOD(single_connection_fixture,
                 "a request whose time is over in line sent nothing") {
  scripted_server server{[](raw_socket& peer, int) { peer.wait_closed(); }};
  auto first = start(to(server.port()));
  auto what = to(server.port());
  what.timeout = 50ms;
  CHECK(error_of(ask(what)).kind == failure::not_sent);
  sender->stop();
  CHECK(error_of(first.get()).kind == failure::stopped);
}

TEST_CASE_METHOD(single_connection_fixture,
                 "a handshake that hangs sent nothing") {
  scripted_server server{[](raw_socket& peer, int) { peer.wait_closed(); }};
  auto what = to(server.port());
  what.url.scheme = "https";
  auto error = error_of(ask(what));
  CHECK(error.kind == failure::not_sent);
  CHECK_THAT(error.message, Contains("no answer within 300 ms"));
}

TEST_CASE_METHOD(single_connection_fixture,
                 "the next in line goes on when a request fails") {
  scripted_server server{[](raw_socket& peer, int index) {
    peer.read_until("\r\n\r\n");
    if (index > 0)
      peer.send(plain_answer("ok"));
  }};
  auto first = start(to(server.port()));
  auto second = start(to(server.port()));
  CHECK(error_of(first.get()).kind == failure::answer_lost);
  CHECK(answer_of(second.get()).body == "ok");
}

TEST_CASE_METHOD(client_fixture,
                 "a connection that ends under a request loses only that") {
  scripted_server server{[](raw_socket& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.send(plain_answer("ok"));
    peer.read_bytes(1);
  }};
  CHECK(answer_of(ask(to(server.port()))).body == "ok");
  CHECK(error_of(ask(to(server.port()))).kind == failure::answer_lost);
  CHECK(answer_of(ask(to(server.port()))).body == "ok");
  sender.reset();
}

TEST_CASE_METHOD(client_fixture,
                 "an idle connection that was reset is replaced silently") {
  std::promise<void> ended;
  scripted_server server{[&](raw_socket& peer, int index) {
    peer.read_until("\r\n\r\n");
    peer.send(plain_answer("ok"));
    peer.read_until("next");
    peer.reset();
    if (index == 0)
      ended.set_value();
  }};
  auto first = post_to(server.port(), "next");
  CHECK(answer_of(ask(first)).body == "ok");
  ended.get_future().wait();
  CHECK(answer_of(ask(first)).body == "ok");
}

TEST_CASE_METHOD(client_fixture,
                 "one idle connection that is closed leaves the others idle") {
  std::vector<raw_socket> peers;
  std::promise<void> connected;
  scripted_server server{[&](raw_socket& peer, int index) {
    peer.read_until("\r\n\r\n");
    peers.push_back(std::move(peer));
    if (index == 2)
      connected.set_value();
  }};
  std::vector<std::future<client::result>> all;
  for (int i = 0; i < 3; ++i)
    all.push_back(start(to(server.port())));
  connected.get_future().wait();
  for (auto& peer : peers)
    peer.send(plain_answer("ok"));
  for (auto& x : all)
    CHECK(answer_of(x.get()).body == "ok");
  // Whichever was used last is taken first; the next after it has the request.
  for (int closed = 0; closed < 3; ++closed) {
    auto next = start(to(server.port()));
    std::vector<pollfd> sockets;
    for (auto& peer : peers)
      sockets.push_back({peer.fd(), POLLIN, 0});
    REQUIRE(::poll(sockets.data(), sockets.size(), 10'000) == 1);
    for (std::size_t i = 0; i < peers.size(); ++i)
      if (sockets[i].revents != 0) {
        peers[i].read_until("\r\n\r\n");
        peers[i].send(plain_answer("ok"));
        CHECK(answer_of(next.get()).body == "ok");
        if (closed == 0) {
          peers[i].close();
          peers.erase(peers.begin() + static_cast<std::ptrdiff_t>(i));
        }
        break;
      }
  }
}

TEST_CASE_METHOD(client_fixture,
                 "an answer nobody asked for spoils the connection") {
  scripted_server server{[](raw_socket& peer, int index) {
    peer.read_until("\r\n\r\n");
    peer.send(plain_answer("right") + plain_answer("wrong"));
    if (index == 0)
      return;
    peer.wait_closed();
  }};
  CHECK(answer_of(ask(to(server.port()))).body == "right");
  CHECK(answer_of(ask(to(server.port()))).body == "right");
  sender.reset();
}

TEST_CASE_METHOD(client_fixture,
                 "stop fails what is under way and what comes after") {
  scripted_server server{[](raw_socket& peer, int) { peer.wait_closed(); }};
  std::vector<std::future<client::result>> all;
  for (int i = 0; i < 300; ++i)
    all.push_back(start(to(server.port())));
  sender->stop();
  all.push_back(start(to(server.port())));
  for (auto& x : all)
    CHECK(error_of(x.get()).kind == failure::stopped);
}

TEST_CASE("a client that is destroyed answers all that is outstanding") {
  client_fixture fixture;
  scripted_server server{[](raw_socket& peer, int) { peer.wait_closed(); }};
  auto outstanding = fixture.start(fixture.to(server.port()));
  fixture.sender.reset();
  CHECK(error_of(outstanding.get()).kind == failure::stopped);
}

TEST_CASE(
  "a server that dies in the middle is told apart from one that is not there") {
  client_fixture fixture;
  server_fixture other;
  std::promise<void> arrived;
  exchange_ptr held;
  other.serve([&](exchange_ptr x) {
    held = std::move(x);
    arrived.set_value();
  });
  auto port = other.running->port();
  auto answer = fixture.start(fixture.to(port));
  arrived.get_future().wait();
  other.running->stop();
  CHECK(error_of(answer.get()).kind == failure::answer_lost);
  CHECK(error_of(fixture.ask(fixture.to(port))).kind == failure::not_sent);
}
