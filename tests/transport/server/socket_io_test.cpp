#include "tests/support/actor_fixture.hpp"
#include "transport/server/socket_io/hub.hpp"
#include "transport/server/socket_io/packets.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace orc::server::socket_io;

namespace {

struct hub_socket : orc::http::websocket {
  std::vector<std::string> sent;
  std::optional<std::uint16_t> closed;

  void send(std::string text) override {
    sent.push_back(std::move(text));
  }
  void send_binary(std::string) override {
    // nop
  }
  void close(std::uint16_t code, std::string) override {
    closed = code;
  }
  std::size_t queued_bytes() const noexcept override {
    return 0;
  }
};

struct hub_exchange : orc::http::exchange {
  orc::http::request asked;
  std::optional<orc::http::response> answer;
  orc::http::websocket_callbacks callbacks;
  bool upgrades = false;

  const orc::http::request& request() const noexcept override {
    return asked;
  }
  std::string take_body() override {
    return asked.body;
  }
  void reply(orc::http::response x) override {
    answer = std::move(x);
  }
  void start(orc::http::response) override {
    // nop
  }
  void write(std::string, std::function<void(bool)>) override {
    // nop
  }
  void finish() override {
    // nop
  }
  void drop() override {
    // nop
  }
  void upgrade(orc::http::websocket_callbacks x) override {
    callbacks = std::move(x);
  }
  bool is_upgrade() const noexcept override {
    return upgrades;
  }
  void on_gone(std::function<void()>) override {
    // nop
  }
};

/// A HUB, and clients without a network.
struct hub_world : orc::test::actor_fixture {
  hub_world() {
    subject
      = system().spawn(hub, orc::tasks_actor{}, orc::server::access_policy{{}});
    run();
  }

  // Ticks to come keep it alive.
  ~hub_world() {
    kill(subject);
  }

  std::shared_ptr<hub_exchange>
  ask(const std::string& query, bool upgrades = false,
      const std::string& method = "GET", const std::string& body = {}) {
    auto x = std::make_shared<hub_exchange>();
    x->asked.method = method;
    x->asked.target = "/socket.io/?EIO=4&" + query;
    x->asked.body = body;
    x->upgrades = upgrades;
    tell(subject, hub_request{x});
    return x;
  }

  /// @returns the id of a session that polls.
  std::string open() {
    auto answer = ask("transport=polling")->answer;
    REQUIRE(answer);
    auto begin = answer->body.find(R"("sid":")") + 7;
    return answer->body.substr(begin, answer->body.find('"', begin) - begin);
  }

  /// Opens a WebSocket of a session.
  std::shared_ptr<hub_socket>
  link(const std::string& id, std::shared_ptr<hub_exchange>* way = nullptr) {
    auto x = ask("transport=websocket&sid=" + id, true);
    auto socket = std::make_shared<hub_socket>();
    x->callbacks.on_open(socket);
    run();
    if (way)
      *way = x;
    return socket;
  }

  /// @returns whether it looks from time to time who is still there.
  bool has_sessions() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system().scheduler())
      .has_pending_timeout();
  }

  hub_actor subject;
};

} // namespace

TEST_CASE("a session that ends closes the WebSockets that it tried") {
  hub_world it;
  auto id = it.open();
  auto other = it.open();
  auto tried = it.link(id);
  auto kept = it.link(other);
  CHECK_FALSE(tried->closed);
  it.ask("transport=polling&sid=" + id, false, "POST", "1");
  CHECK(tried->closed == 1000);
  CHECK_FALSE(kept->closed);
}

TEST_CASE("the WebSocket in use is closed when another one takes its place") {
  hub_world it;
  auto id = it.open();
  auto way = std::shared_ptr<hub_exchange>{};
  auto first = it.link(id, &way);
  way->callbacks.on_message("5", false);
  it.run();
  auto second = it.link(id, &way);
  way->callbacks.on_message("5", false);
  it.run();
  CHECK(first->closed == 1000);
  CHECK_FALSE(second->closed);
}

TEST_CASE("what asks for a WebSocket and is no upgrade opens no session") {
  hub_world it;
  auto x = it.ask("transport=websocket");
  REQUIRE(x->answer);
  CHECK(x->answer->status == 400);
  CHECK_FALSE(it.has_sessions());
  it.open();
  CHECK(it.has_sessions());
}

TEST_CASE("packets of Socket.IO are read") {
  auto plain = read_packet("2[\"watch\",{}]");
  REQUIRE(plain);
  CHECK(plain->type == kind::event);
  CHECK(plain->space == "/");
  CHECK(plain->ack.empty());
  CHECK(plain->data == "[\"watch\",{}]");
  auto full = read_packet("2/admin,13[\"x\"]");
  REQUIRE(full);
  CHECK(full->space == "/admin");
  CHECK(full->ack == "13");
  CHECK(full->data == "[\"x\"]");
  CHECK(read_packet("0/admin")->space == "/admin");
  CHECK_FALSE(read_packet(""));
  CHECK_FALSE(read_packet("51-[\"binary\"]"));
}

TEST_CASE("packets of Socket.IO are made") {
  CHECK(make_packet(kind::event, "/", "[1]") == "42[1]");
  CHECK(make_packet(kind::connect_error, "/x", "{}") == "44/x,{}");
}

TEST_CASE("an event has a name and an argument") {
  auto x = read_event(R"(["watchTaskGroup", {"taskGroupId": "1"}])");
  REQUIRE(x);
  CHECK(x->name == "watchTaskGroup");
  CHECK(x->argument == R"({"taskGroupId":"1"})");
  CHECK(read_event(R"(["alone"])")->argument.empty());
  for (auto text : {"", "[]", "[1]", "{}", "[\"x\"", "7"})
    CHECK_FALSE(read_event(text));
}

TEST_CASE("a body of a polling client holds several packets") {
  CHECK(split_payload("").empty());
  CHECK(split_payload("4a\x1e"
                      "2")
        == std::vector<std::string>{"4a", "2"});
  CHECK(join_payload({"4a", "2"})
        == "4a\x1e"
           "2");
}
