#pragma once

#include "actors/reader/readings.hpp"
#include "messages/orchestrator.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/http/client.hpp"
#include "transport/server/api_server.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace orc::test {

/// What a mock ORCHESTRATOR was asked, and what it shall answer.
struct front_door {
  std::mutex mutex;
  std::vector<submit_runs> submitted;
  std::vector<list_runs> listed;
  std::vector<wait_run> waited;
  std::vector<abort_named_run> aborted;
  std::vector<abort_runs> aborted_many;
  std::vector<read_items> read;
  std::vector<items_page> pages;
  /// What `list_runs` is answered with, one after the other, if there are any.
  std::vector<run_page> run_pages;
  /// What becomes of a run that is submitted, before that is answered.
  std::function<void(const run_request&)> on_submit;
  caf::error failure;
  bool joined = false;
  bool ready = true;

  template <class T>
  void keep(std::vector<T>& where, const T& what) {
    std::lock_guard guard{mutex};
    where.push_back(what);
  }
};

inline run make_run(std::string name) {
  run result;
  result.name = std::move(name);
  result.account = "default";
  return result;
}

inline caf::result<submitted_runs>
submit(front_door& door, const submit_runs& x) {
  door.keep(door.submitted, x);
  if (door.on_submit)
    for (const auto& request : x.runs)
      door.on_submit(request);
  if (door.failure)
    return door.failure;
  submitted_runs result;
  for (const auto& request : x.runs)
    result.runs.push_back({make_run(request.name), door.joined});
  return result;
}

inline caf::result<items_page>
next_page(front_door& door, const read_items& x) {
  door.keep(door.read, x);
  if (door.pages.empty())
    return door.failure ? door.failure : make_error(ec::not_found, "no page");
  auto result = door.pages.front();
  door.pages.erase(door.pages.begin());
  return result;
}

inline run_page next_runs(front_door& door, const list_runs& x) {
  door.keep(door.listed, x);
  if (door.run_pages.empty())
    return {{make_run("a")}, "c2"};
  auto result = std::move(door.run_pages.front());
  door.run_pages.erase(door.run_pages.begin());
  return result;
}

inline report make_report() {
  report result;
  result.totals.states["running"] = 3;
  account_view account;
  account.name = "de\"fault";
  account.calls.calls["start"] = 7;
  result.accounts.push_back(account);
  return result;
}

/// A typed mock ORCHESTRATOR.
inline orchestrator_actor::behavior_type
mock_orchestrator(orchestrator_actor::pointer self,
                  std::shared_ptr<front_door> door) {
  auto find = [door](const run_ref& ref) -> caf::result<run> {
    if (ref.name == "none")
      return make_error(ec::unknown_run, "no run is called `none`");
    auto result = make_run(ref.name);
    result.space = ref.space;
    return result;
  };
  return {
    [=](const submit_runs& x) { return submit(*door, x); },
    [=](const get_run& x) { return find(x.ref); },
    [=](const wait_run& x) {
      door->keep(door->waited, x);
      return find(x.ref);
    },
    [=](const list_runs& x) { return next_runs(*door, x); },
    [=](const abort_named_run& x) {
      door->keep(door->aborted, x);
      return find(x.ref);
    },
    [=](const abort_runs& x) {
      door->keep(door->aborted_many, x);
      return aborted_runs{2, {"x"}};
    },
    [](const get_report&) { return make_report(); },
    [](get_accounts) { return account_views{make_report().accounts}; },
    [=](const read_items& x) { return next_page(*door, x); },
    [=](get_readiness) {
      return readiness{door->ready, "recovering"};
    },
    [](get_budgets) { return budget_views{}; },
    [](const set_budget&) { return budget_view{}; },
    [](const run_finished&) {},
    [self](const stop_service&) {
      self->quit();
      return account_stopped{};
    },
  };
}

/// Keeps who subscribed.
struct subscriptions {
  std::mutex mutex;
  std::vector<subscribe_events> all;

  std::size_t size() {
    std::lock_guard guard{mutex};
    return all.size();
  }
};

inline events_actor::behavior_type
mock_events(events_actor::pointer, std::shared_ptr<subscriptions> kept) {
  return {
    [](const publish_event&) {},
    [kept](const subscribe_events& x) {
      std::lock_guard guard{kept->mutex};
      kept->all.push_back(x);
    },
  };
}

/// An API server on a free port, with mocks behind it.
struct server_fixture {
  /// Makes what the gateway in front of a platform needs.
  using linker = std::function<platform_link(server_fixture&)>;

  explicit server_fixture(api_server_options options = {}, const linker& link
                                                           = {}) {
    options.port = 0;
    api_parts parts{orchestrator, events, {}, {}, readings};
    if (link)
      parts.platform = link(*this);
    server.emplace(system, runtime, options, std::move(parts));
    REQUIRE(!server->listen());
  }

  ~server_fixture() {
    client.stop();
    server->stop();
    caf::anon_send_exit(readings, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(orchestrator, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(events, caf::exit_reason::user_shutdown);
    std::lock_guard guard{subscribed->mutex};
    subscribed->all.clear();
  }

  std::string url(const std::string& target) const {
    return "http://127.0.0.1:" + std::to_string(server->port()) + target;
  }

  http::response send(std::string method, const std::string& target,
                      std::string body = {}, http::fields headers = {}) {
    http::outgoing request;
    request.method = std::move(method);
    request.url = *http::parse_url(url(target));
    request.headers = std::move(headers);
    if (!body.empty())
      request.body = std::make_shared<const std::string>(std::move(body));
    std::promise<http::client::result> done;
    client.send(std::move(request),
                [&](http::client::result x) { done.set_value(std::move(x)); });
    auto result = done.get_future().get();
    if (auto lost = std::get_if<http::send_error>(&result))
      return {0, {}, lost->message};
    return std::get<http::response>(result);
  }

  http::response get(const std::string& target, http::fields headers = {}) {
    return send("GET", target, {}, std::move(headers));
  }

  http::response
  post(const std::string& target, std::string body, http::fields headers = {}) {
    headers.add("Content-Type", "application/json");
    return send("POST", target, std::move(body), std::move(headers));
  }

  io_runtime runtime;
  caf::actor_system_config config;
  caf::actor_system system{config};
  std::shared_ptr<front_door> door = std::make_shared<front_door>();
  std::shared_ptr<subscriptions> subscribed = std::make_shared<subscriptions>();
  orchestrator_actor orchestrator = system.spawn(mock_orchestrator, door);
  events_actor events = system.spawn(mock_events, subscribed);
  readings_actor readings
    = system.spawn(orc::readings, run_source_parts{orchestrator, {}, {}});
  std::optional<api_server> server;
  http::client client{runtime, {}};
};

} // namespace orc::test
