#include "tests/transport/http/masked_frame.hpp"
#include "tests/transport/http/server_fixture.hpp"
#include "transport/http/websocket_client.hpp"

#include <catch2/catch.hpp>

#include <future>

using namespace orc::http;
using namespace orc::http::test;
using namespace std::chrono_literals;

namespace {

/// A server, and a client that was told to connect to it.
struct client_fixture : server_fixture {
  void listen_with_websockets() {
    serve([this](const exchange_ptr& x) {
      if (x->request().target != "/events?a=1")
        return x->reply({404, {}, ""});
      x->upgrade({.on_open = [this](auto s) { server_side.set_value(s); },
                  .on_message
                  = [this](std::string text, bool) { heard.set_value(text); },
                  .on_close = [](std::uint16_t) {}});
    });
  }

  void connect_to(const std::string& path) {
    auto to = parse_websocket_url(
      "ws://127.0.0.1:" + std::to_string(running->port()) + path);
    REQUIRE(to);
    client.emplace(runtime, *to, options,
                   websocket_client_callbacks{
                     [this] { opened.set_value(); },
                     [this](std::string x) { said.set_value(std::move(x)); },
                     [this](std::uint16_t x) { closed.set_value(x); }});
  }

  template <class T>
  T wait_for(std::promise<T>& x) {
    auto future = x.get_future();
    REQUIRE(future.wait_for(patience) == std::future_status::ready);
    return future.get();
  }

  ~client_fixture() {
    client.reset();
    if (running)
      running->stop();
  }

  websocket_client_options options;
  std::promise<std::shared_ptr<websocket>> server_side;
  std::promise<std::string> heard;
  std::promise<void> opened;
  std::promise<std::string> said;
  std::promise<std::uint16_t> closed;
  std::optional<websocket_client> client;
};

} // namespace

TEST_CASE("a URL of a WebSocket is one of ws or wss") {
  CHECK(parse_websocket_url("ws://host/x")->port == 80);
  CHECK(parse_websocket_url("wss://host/x")->port == 443);
  CHECK(parse_websocket_url("wss://host/x")->scheme == "https");
  CHECK_FALSE(parse_websocket_url("http://host/x"));
  CHECK_FALSE(parse_websocket_url("ws//host"));
  CHECK_FALSE(parse_websocket_url(""));
}

TEST_CASE_METHOD(client_fixture, "a client hears what the server says") {
  listen_with_websockets();
  connect_to("/events?a=1");
  wait_for(opened);
  auto socket = wait_for(server_side);
  auto text = std::string(70'000, 'x');
  socket->send(text);
  CHECK(wait_for(said) == text);
}

TEST_CASE_METHOD(client_fixture,
                 "a client is told with which code it was closed") {
  listen_with_websockets();
  connect_to("/events?a=1");
  wait_for(server_side)->close(1008, "no such run");
  CHECK(wait_for(closed) == 1008);
}

TEST_CASE_METHOD(client_fixture,
                 "a handshake that is refused is an abnormal end") {
  listen_with_websockets();
  connect_to("/elsewhere");
  CHECK(wait_for(closed) == 1006);
}

TEST_CASE_METHOD(client_fixture, "nobody who listens is an abnormal end") {
  listen_with_websockets();
  auto port = running->port();
  running->stop();
  auto to = parse_websocket_url("ws://127.0.0.1:" + std::to_string(port) + "/");
  client.emplace(runtime, *to, options,
                 websocket_client_callbacks{{}, {}, [this](std::uint16_t x) {
                                              closed.set_value(x);
                                            }});
  CHECK(wait_for(closed) == 1006);
}

TEST_CASE_METHOD(client_fixture,
                 "a server that falls silent is asked, and found "
                 "to be alive") {
  listen_with_websockets();
  options.silence = 50ms;
  connect_to("/events?a=1");
  auto socket = wait_for(server_side);
  // Long enough for several pings, each of which is answered.
  auto end = closed.get_future();
  CHECK(end.wait_for(400ms) == std::future_status::timeout);
  socket->send("still here");
  CHECK(wait_for(said) == "still here");
}

TEST_CASE("frames of a client are masked, and a server's decoder reads them") {
  auto frame = make_masked_frame(opcode::text, "hello", "\x12\x34\x56\x78");
  CHECK(frame == masked_frame(opcode::text, "hello"));
  websocket_decoder decoder{100};
  std::string_view bytes = frame;
  CHECK(decoder.next(bytes) == websocket_decoder::status::message);
  CHECK(decoder.payload() == "hello");
}

TEST_CASE("a client's decoder takes only frames that are not masked") {
  websocket_decoder decoder{100, websocket_decoder::sender::server};
  auto plain = make_frame(opcode::text, "hello");
  std::string_view bytes = plain;
  CHECK(decoder.next(bytes) == websocket_decoder::status::message);
  auto masked = masked_frame(opcode::text, "hello");
  bytes = masked;
  CHECK(decoder.next(bytes) == websocket_decoder::status::failed);
  CHECK(decoder.error() == 1002);
}
