#include "tests/support/actor_fixture.hpp"
#include "tests/transport/server/gateway_fixture.hpp"
#include "transport/server/captured_exchange.hpp"
#include "transport/server/ended_stream.hpp"
#include "transport/server/gateway.hpp"

#include <algorithm>

using namespace orc;
using namespace orc::server;
using namespace std::chrono_literals;

namespace {

/// Mocks on a clock that stands still.
struct timed_fixture : test::actor_fixture {
  ~timed_fixture() {
    kill(orchestrator);
    kill(events);
    subscribed->all.clear();
  }

  bool waits_for_time() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system().scheduler())
      .has_pending_timeout();
  }

  std::shared_ptr<test::front_door> door = std::make_shared<test::front_door>();
  std::shared_ptr<test::subscriptions> subscribed
    = std::make_shared<test::subscriptions>();
  orchestrator_actor orchestrator
    = system().spawn(test::mock_orchestrator, door);
  events_actor events = system().spawn(test::mock_events, subscribed);
};

struct timed_gateway : timed_fixture {
  timed_gateway() {
    platform_link link;
    link.client
      = std::make_shared<http::client>(runtime, http::client_options{});
    link.accounts = {{"home", secret{"h"}, "http://127.0.0.1:9", {}, {}}};
    link.base_url = "http://127.0.0.1:9";
    link.store = caf::actor_cast<run_store_actor>(store);
    link.instance = "0123456789ab";
    api_parts parts{orchestrator, events, {}, {}, {}};
    parts.platform = std::move(link);
    gateway
      = system().spawn(server::gateway, api_server_options{}, std::move(parts));
  }

  ~timed_gateway() {
    kill(gateway);
    kill(store);
  }

  io_runtime runtime;
  memory_store_actor store = system().spawn(memory_run_store);
  gateway_actor gateway;
};

/// A client that reads when it is told to.
class slow_client : public http::exchange {
public:
  const http::request& request() const noexcept override {
    return request_;
  }

  std::string take_body() override {
    return {};
  }

  void reply(http::response) override {
    // nop
  }

  void start(http::response) override {
    // nop
  }

  void write(std::string piece, std::function<void(bool)> written) override {
    lines
      += static_cast<std::size_t>(std::count(piece.begin(), piece.end(), '\n'));
    unread_.push_back(std::move(written));
  }

  void finish() override {
    finished = true;
  }

  void drop() override {
    dropped = true;
  }

  void upgrade(http::websocket_callbacks) override {
    // nop
  }

  bool is_upgrade() const noexcept override {
    return false;
  }

  void on_gone(std::function<void()>) override {
    // nop
  }

  /// @returns whether there was anything.
  bool read() {
    auto read = std::exchange(unread_, {});
    for (const auto& f : read)
      f(true);
    return !read.empty();
  }

  std::size_t lines = 0;
  bool finished = false;
  bool dropped = false;

private:
  http::request request_;
  std::vector<std::function<void(bool)>> unread_;
};

/// Pages of 12 runs of a mebibyte each.
std::vector<run_page> large_pages(std::size_t count) {
  std::vector<run_page> result;
  for (std::size_t page = 0; page < count; ++page) {
    auto& made = result.emplace_back();
    for (int i = 0; i < 12; ++i) {
      auto run = test::make_run(std::to_string(page) + "-" + std::to_string(i));
      run.batch = "b";
      run.state = run_state::finished;
      run.reason = std::string(std::size_t{1} << 20, 'x');
      made.items.push_back(std::move(run));
    }
    if (page + 1 < count)
      made.next_cursor = "more";
  }
  return result;
}

} // namespace

TEST_CASE_METHOD(timed_gateway, "nothing is left of a run-sync that is over") {
  run_record record;
  door->on_submit = [&](const run_request& x) {
    record.view.name = x.name;
    record.view.account = "home";
    caf::anon_send(store, insert_runs{{{record, {}}}});
  };
  http::request request;
  request.method = "POST";
  request.target = "/v2/acts/me~crawler/run-sync";
  request.headers = {{"Host", "localhost"}};
  std::optional<http::response> answer;
  tell(gateway, http_request{std::make_shared<captured_exchange>(
                  request, std::size_t{1} << 20,
                  [&](http::response x) { answer = std::move(x); })});
  CHECK_FALSE(answer);
  auto stored = ask<run_record>(store, find_run{{"default", record.view.name}});
  record = stored.response();
  kill(stored.handle());
  record.revision += 1;
  record.view.state = run_state::finished;
  record.view.status = remote_status::failed;
  tell(store, save_run{record, {}});
  tell(gateway, run_event{1, event_kind::ended, {}, record.view});
  REQUIRE(answer);
  CHECK(answer->status == 400);
  // The longest of what was asked meanwhile.
  advance(6min);
  CHECK_FALSE(waits_for_time());
}

TEST_CASE_METHOD(timed_gateway, "a wait ends when its time is over") {
  door->on_submit = [&](const run_request& x) {
    run_record record;
    record.view.name = x.name;
    record.view.account = "home";
    caf::anon_send(store, insert_runs{{{record, {}}}});
  };
  http::request request;
  request.method = "POST";
  request.target = "/v2/acts/me~crawler/runs?waitForFinish=60";
  request.headers = {{"Host", "localhost"}};
  std::optional<http::response> answer;
  tell(gateway, http_request{std::make_shared<captured_exchange>(
                  request, std::size_t{1} << 20,
                  [&](http::response x) { answer = std::move(x); })});
  advance(59s);
  CHECK_FALSE(answer);
  advance(1s);
  REQUIRE(answer);
  CHECK(answer->status == 201);
}

TEST_CASE_METHOD(timed_fixture,
                 "a batch is listed no faster than its client reads") {
  door->run_pages = large_pages(5);
  auto client = std::make_shared<slow_client>();
  system().spawn(ended_stream, http::exchange_ptr{client}, orchestrator, events,
                 run_ref{"default", "b"});
  run();
  CHECK(door->listed.size() == 1);
  while (client->read())
    run();
  CHECK(door->listed.size() == 5);
  CHECK(client->lines == 60);
  CHECK(client->finished);
  CHECK_FALSE(client->dropped);
}
