#include "tests/transport/server/server_fixture.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <thread>
#include <unistd.h>

using namespace orc;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

api_server_options fast_heartbeat() {
  api_server_options result;
  result.heartbeat = 50ms;
  return result;
}

struct fixture : test::server_fixture {
  fixture() : server_fixture{fast_heartbeat()} {
    // nop
  }

  void add_page(std::string body, std::uint64_t count, std::uint64_t total) {
    door->pages.push_back({json_text{std::move(body)}, count, total});
  }

  event_sink wait_for_subscriber(std::size_t count = 1) {
    while (subscribed->size() < count)
      std::this_thread::sleep_for(1ms);
    return subscribed->all.at(count - 1).sink;
  }
};

/// Reads from the server as the bytes come.
class reader {
public:
  reader(std::uint16_t port, const std::string& request)
    : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to)
            == 0);
    REQUIRE(::send(socket_, request.data(), request.size(), 0)
            == static_cast<ssize_t>(request.size()));
  }

  ~reader() {
    ::close(socket_);
  }

  /// Reads until `text` has come, or the end.
  const std::string& read_until(std::string_view text) {
    std::string buffer(4096, '\0');
    while (seen_.find(text) == std::string::npos) {
      auto size = ::recv(socket_, buffer.data(), buffer.size(), 0);
      if (size <= 0)
        break;
      seen_.append(buffer, 0, static_cast<std::size_t>(size));
    }
    return seen_;
  }

private:
  int socket_;
  std::string seen_;
};

constexpr auto events_request
  = "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n"
    "Last-Event-ID: 41\r\n\r\n";

} // namespace

TEST_CASE_METHOD(fixture, "items are streamed page after page") {
  add_page("{\"a\":1}\n{\"a\":2}\n", 2, 3);
  add_page("{\"a\":3}\n", 1, 3);
  auto answer = get("/api/v1/runs/a%2F1/items?skipHidden=1&fields=a,b");
  CHECK(answer.status == 200);
  CHECK(answer.body == "[{\"a\":1},\n{\"a\":2},\n{\"a\":3}]\n");
  REQUIRE(door->read.size() == 2);
  CHECK(door->read[1].ref.name == "a/1");
  CHECK(door->read[1].page.offset == 2);
  CHECK(door->read[1].page.query == "skipHidden=1&fields=a%2Cb");
}

TEST_CASE_METHOD(fixture, "items come as lines or as CSV, too") {
  add_page("{\"a\":1}\n", 1, 1);
  auto lines = get("/api/v1/runs/a/items?format=ndjson");
  CHECK(lines.body == "{\"a\":1}\n");
  CHECK_THAT(std::string{lines.headers.get("Content-Type")},
             Contains("ndjson"));
  add_page("a\n1\n", 1, 1);
  auto table = get("/api/v1/runs/a/items?format=csv");
  CHECK(table.body == "a\n1\n");
  CHECK(door->read.at(1).page.format == "csv");
  CHECK(get("/api/v1/runs/a/items?format=xml").status == 400);
}

TEST_CASE_METHOD(fixture, "items that cannot be read are an error answer") {
  door->failure = make_error(ec::unknown_run, "no such run");
  CHECK(get("/api/v1/runs/a/items").status == 404);
}

TEST_CASE_METHOD(fixture, "half of the items never pass for all") {
  add_page("1\n2\n", 2, 4);
  auto answer = get("/api/v1/runs/a/items?format=jsonl");
  CHECK(answer.status == 0);
}

TEST_CASE_METHOD(fixture, "events are streamed with their ids") {
  reader browser{server->port(), events_request};
  const auto sink = wait_for_subscriber();
  CHECK(subscribed->all.at(0).after_id == 41);
  caf::anon_send(sink,
                 run_event{42, event_kind::ended, {}, test::make_run("a")});
  const auto& seen = browser.read_until("\"name\":\"a\"");
  CHECK_THAT(seen, Contains("Content-Type: text/event-stream")
                     && Contains("id: 42\nevent: run.ended\ndata: {"));
}

TEST_CASE_METHOD(fixture, "a silent stream of events shows that it is alive") {
  reader browser{server->port(), events_request};
  CHECK_THAT(browser.read_until(": alive"), Contains(": alive\n\n"));
}

TEST_CASE_METHOD(fixture, "streams of events end when the server drains") {
  reader browser{server->port(), events_request};
  wait_for_subscriber();
  server->drain();
  CHECK_THAT(browser.read_until("0\r\n\r\n"), Contains("0\r\n\r\n"));
}

TEST_CASE_METHOD(fixture, "a subscriber whose client has left dies") {
  { reader browser{server->port(), events_request}; }
  const auto sink = wait_for_subscriber();
  auto dead = std::make_shared<std::promise<void>>();
  sink->attach_functor([dead] { dead->set_value(); });
  CHECK(dead->get_future().wait_for(20s) == std::future_status::ready);
}

TEST_CASE_METHOD(fixture, "a last event id that is no number is refused") {
  CHECK(get("/api/v1/events", {{"Last-Event-ID", "x"}}).status == 400);
}
