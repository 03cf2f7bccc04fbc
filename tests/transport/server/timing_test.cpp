#include "tests/support/actor_fixture.hpp"
#include "tests/transport/server/gateway_fixture.hpp"
#include "transport/server/captured_exchange.hpp"
#include "transport/server/gateway.hpp"

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
