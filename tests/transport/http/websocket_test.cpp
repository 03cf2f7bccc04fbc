#include "tests/transport/http/masked_frame.hpp"
#include "tests/transport/http/server_fixture.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>

using namespace orc::http;
using namespace orc::http::test;
using namespace std::chrono_literals;
using Catch::Contains;
using Catch::EndsWith;
using Catch::StartsWith;

namespace {

const std::string handshake
  = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// A server whose WebSockets send back what they get.
struct websocket_fixture : server_fixture {
  void serve_echo(server_options options = {}) {
    serve([this](const exchange_ptr& x) { x->upgrade(callbacks()); }, options);
  }

  websocket_callbacks callbacks() {
    return {
      .on_open = [this](auto x) { opened.set_value(socket = std::move(x)); },
      .on_message =
        [this](std::string text, bool binary) {
          binary ? socket->send_binary(std::move(text))
                 : socket->send(std::move(text));
        },
      .on_close = [this](std::uint16_t code) { closed.set_value(code); },
    };
  }

  raw_socket open(const std::string& more = {}) {
    auto peer = connect();
    peer.send(get("/ws", handshake) + more);
    auto answer = peer.read_message();
    CHECK_THAT(answer, StartsWith("HTTP/1.1 101 Switching Protocols\r\n"));
    CHECK_THAT(
      answer,
      Contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    CHECK_THAT(answer, Contains("\r\nConnection: Upgrade\r\n"));
    return peer;
  }

  std::uint16_t close_code() {
    auto code = closed.get_future();
    REQUIRE(code.wait_for(patience) == std::future_status::ready);
    return code.get();
  }

  ~websocket_fixture() {
    if (running)
      running->stop();
  }

  std::shared_ptr<websocket> socket;
  std::promise<std::shared_ptr<websocket>> opened;
  std::promise<std::uint16_t> closed;
};

} // namespace

TEST_CASE_METHOD(websocket_fixture,
                 "a WebSocket carries text and bytes both ways") {
  serve_echo();
  auto peer = open();
  peer.send(masked_frame(opcode::text, "hello"));
  CHECK(peer.read_bytes(7) == make_frame(opcode::text, "hello"));
  auto large = make_frame(opcode::binary, std::string(100'000, '\xFF'));
  peer.send(masked_frame(opcode::binary, std::string(100'000, '\xFF')));
  CHECK(peer.read_bytes(large.size()) == large);
}

TEST_CASE_METHOD(websocket_fixture,
                 "frames that come with the handshake are not lost") {
  serve_echo();
  auto peer = open(masked_frame(opcode::text, "early"));
  CHECK(peer.read_bytes(7) == make_frame(opcode::text, "early"));
}

TEST_CASE_METHOD(websocket_fixture, "a ping is answered with its payload") {
  serve_echo();
  auto peer = open();
  peer.send(masked_frame(opcode::ping, "abc"));
  CHECK(peer.read_bytes(5) == make_frame(opcode::pong, "abc"));
}

TEST_CASE_METHOD(websocket_fixture,
                 "a client that closes is answered with its code") {
  serve_echo();
  auto peer = open();
  peer.send(masked_frame(opcode::close, make_close_payload(4000, "bye")));
  CHECK(peer.read_all()
        == make_frame(opcode::close, make_close_payload(4000, "")));
  CHECK(close_code() == 4000);
}

TEST_CASE_METHOD(websocket_fixture,
                 "the server closes after the frames it queued") {
  serve_echo();
  auto peer = open();
  auto server_side = opened.get_future().get();
  server_side->send("last");
  server_side->close(1008, "policy");
  server_side->send("too late");
  auto expected
    = make_frame(opcode::text, "last")
      + make_frame(opcode::close, make_close_payload(1008, "policy"));
  CHECK(peer.read_bytes(expected.size()) == expected);
  peer.send(masked_frame(opcode::close, make_close_payload(1008, "")));
  CHECK(peer.read_all().empty());
  CHECK(close_code() == 1008);
  CHECK(server_side->queued_bytes() == 0);
}

TEST_CASE_METHOD(websocket_fixture,
                 "a client that does not answer a close frame is cut off") {
  serve_echo();
  auto peer = open();
  opened.get_future().get()->close(1000, "");
  CHECK(peer.read_all()
        == make_frame(opcode::close, make_close_payload(1000, "")));
}

TEST_CASE_METHOD(websocket_fixture,
                 "a connection that breaks is closed with 1006") {
  serve_echo();
  auto peer = open();
  peer.reset();
  CHECK(close_code() == 1006);
}

TEST_CASE_METHOD(websocket_fixture,
                 "a client that breaks the rules is told how") {
  server_options options;
  options.max_body_bytes = 1000;
  serve_echo(options);
  auto peer = open();
  peer.send(masked_frame(opcode::text, std::string(1001, 'x')));
  CHECK(peer.read_all()
        == make_frame(opcode::close, make_close_payload(1009, "")));
  close_code();
}

TEST_CASE_METHOD(websocket_fixture, "a silent client is asked, then given up") {
  server_options options;
  options.idle_timeout = 1s;
  serve_echo(options);
  auto peer = open();
  CHECK(peer.read_bytes(2) == make_frame(opcode::ping, ""));
  peer.send(masked_frame(opcode::pong, ""));
  CHECK(peer.read_bytes(2) == make_frame(opcode::ping, ""));
  CHECK(peer.read_all().empty());
  CHECK(close_code() == 1006);
}

TEST_CASE_METHOD(websocket_fixture, "a fast sender sees how much waits") {
  serve_echo();
  auto peer = open();
  auto server_side = opened.get_future().get();
  for (int i = 0; i < 64; ++i)
    server_side->send(std::string(1 << 20, 'x'));
  CHECK(eventually([&] { return server_side->queued_bytes() > (1 << 20); }));
  peer.read_bytes((64 << 20) + 64 * 10);
  CHECK(eventually([&] { return server_side->queued_bytes() == 0; }));
}

TEST_CASE_METHOD(websocket_fixture, "draining and stopping end WebSockets") {
  serve_echo();
  auto peer = open();
  opened.get_future().get();
  running->drain();
  CHECK_THAT(peer.read_bytes(4), EndsWith("\x03\xE9"));
  running->stop();
  CHECK(close_code() == 1006);
}

TEST_CASE_METHOD(server_fixture, "an upgrade that is none is answered 400") {
  serve([](const exchange_ptr& x) {
    CHECK_FALSE(x->is_upgrade());
    x->upgrade({});
  });
  auto peer = connect();
  peer.send(
    get("/ws",
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: "
        "13\r\nSec-WebSocket-Key: short\r\n"));
  CHECK_THAT(peer.read_message(), StartsWith("HTTP/1.1 400 "));
}
