#pragma once

#include "messages/base/error.hpp"
#include "messages/json/gateway_answers.hpp"
#include "persistence/memory/run_store.hpp"
#include "tests/transport/server/server_fixture.hpp"
#include "transport/http/server.hpp"

#include <caf/scoped_actor.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace orc::test {

/// A platform that answers as a test says, and keeps what it was asked.
class scripted_platform {
public:
  struct asked {
    /// Method and target.
    std::string line;
    std::string authorization;
  };

  scripted_platform() {
    REQUIRE(!server_.listen());
  }

  ~scripted_platform() {
    server_.stop();
  }

  scripted_platform(const scripted_platform&) = delete;
  scripted_platform& operator=(const scripted_platform&) = delete;

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port());
  }

  void answer(std::function<void(const http::exchange_ptr&)> f) {
    std::lock_guard guard{mutex_};
    answer_ = std::move(f);
  }

  void answer(int status, std::string body) {
    answer([=](const http::exchange_ptr& x) {
      x->reply({status, {{"Content-Type", "application/json"}}, body});
    });
  }

  std::vector<asked> take_asked() {
    std::lock_guard guard{mutex_};
    return std::exchange(asked_, {});
  }

private:
  void handle(const http::exchange_ptr& x) {
    std::lock_guard guard{mutex_};
    const auto& request = x->request();
    asked_.push_back({request.method + " " + request.target,
                      std::string{request.headers.get("Authorization")}});
    answer_ ? answer_(x) : x->reply({404, {}, "{}"});
  }

  std::mutex mutex_;
  std::function<void(const http::exchange_ptr&)> answer_;
  std::vector<asked> asked_;
  io_runtime runtime_;
  http::server server_{runtime_, {}, [this](const http::exchange_ptr& x) {
                         handle(x);
                       }};
};

/// Starts whose clients have no answer yet, by name of their run.
struct start_notes {
  std::mutex mutex;
  std::map<std::string, std::string> digests;

  /// @returns whether there are so many, now or soon.
  bool come_to(std::size_t count) {
    auto is_there = [&] {
      std::lock_guard guard{mutex};
      return digests.size() == count;
    };
    for (int tries = 0; tries < 20'000 && !is_there(); ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    return is_there();
  }
};

inline start_store_actor::behavior_type
mock_start_store(start_store_actor::pointer,
                 std::shared_ptr<start_notes> notes) {
  return {
    [=](const note_start& x) {
      std::lock_guard guard{notes->mutex};
      notes->digests[x.name] = x.digest;
      return saved{};
    },
    [=](const forget_start& x) {
      std::lock_guard guard{notes->mutex};
      notes->digests.erase(x.name);
      return saved{};
    },
    [](const load_starts&) { return noted_starts{}; },
  };
}

/// What is behind a gateway; made before it.
struct gateway_ends {
  scripted_platform home;
  scripted_platform lab;
  std::shared_ptr<start_notes> notes = std::make_shared<start_notes>();
  std::shared_ptr<http::client> upstream;
  memory_store_actor store;
  start_store_actor starts;
};

/// A gateway with the token `service` of its own and two accounts, `home` and
/// `lab`, each on a platform of its own.
struct gateway_fixture : gateway_ends, server_fixture {
  gateway_fixture()
    : server_fixture{options_of_gateway(),
                     [this](server_fixture&) { return link(); }} {
    home.answer(404, "{}");
    lab.answer(404, "{}");
  }

  ~gateway_fixture() {
    server->stop();
    upstream->stop();
    caf::anon_send_exit(store, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(starts, caf::exit_reason::user_shutdown);
    upstream.reset();
    store = nullptr;
    starts = nullptr;
  }

  static api_server_options options_of_gateway() {
    api_server_options result;
    result.tokens.emplace_back("service");
    return result;
  }

  std::vector<account_settings> accounts(std::string home_token = "h") const {
    return {{"home", secret{std::move(home_token)}, home.url(), {}, {}},
            {"lab", secret{"l"}, lab.url(), {}, {}}};
  }

  platform_link link() {
    upstream = std::make_shared<http::client>(runtime, http::client_options{});
    store = system.spawn(memory_run_store);
    starts = system.spawn(mock_start_store, notes);
    return {upstream,   home.url(),
            accounts(), caf::actor_cast<run_store_actor>(store),
            starts,     "0123456789ab"};
  }

  void reload(std::vector<account_settings> next) {
    server->change_access({secret{"service"}}, std::move(next));
  }

  /// Sends a request as somebody, to an account if that is given.
  http::response
  ask(std::string method, const std::string& target, const std::string& token,
      const std::string& account = {}, http::fields headers = {}) {
    headers.add("Authorization", "Bearer " + token);
    headers.add("Content-Type", "application/json");
    if (!account.empty())
      headers.add("X-Orchestrator-Account", account);
    auto body = std::string{method == "POST" ? "{}" : ""};
    return send(std::move(method), target, std::move(body), std::move(headers));
  }

  /// Runs that are submitted from now on are so at once.
  void become(std::function<void(run_record&)> change) {
    door->on_submit = [this, change](const run_request& x) {
      run_record made;
      made.view.name = x.name;
      made.view.space = x.space;
      made.view.account = x.account;
      made.target = {x.actor, false};
      change(made);
      insert({std::move(made)});
    };
  }

  static void succeed(run_record& x) {
    x.view.state = run_state::finished;
    x.view.status = remote_status::succeeded;
    x.view.run_id = "R-" + x.view.name;
  }

  static void run_as(run_record& x, std::string run_id) {
    x.view.state = run_state::running;
    x.view.status = remote_status::running;
    x.view.run_id = std::move(run_id);
    x.view.attempts.resize(1);
    x.view.attempts.front().run_id = x.view.run_id;
  }

  void insert(const std::vector<run_record>& records) {
    insert_runs question;
    for (const auto& x : records)
      question.runs.push_back({x, {}});
    caf::scoped_actor self{system};
    self->request(store, std::chrono::seconds{20}, question)
      .receive([](const inserted_runs&) {},
               [](const caf::error&) {
                 // Then they are missing.
               });
  }

  /// A run that waits, submitted at a second.
  static run_record
  waiting_run(std::string name, std::string account, std::int64_t second) {
    run_record result;
    result.view.name = std::move(name);
    result.view.account = std::move(account);
    result.view.submitted_at = {second * 1000};
    result.target = {"me/crawler", false};
    return result;
  }

  /// Names of all runs that were submitted so far, each time anew.
  std::vector<std::string> names() {
    std::lock_guard guard{door->mutex};
    std::vector<std::string> result;
    for (const auto& x : door->submitted)
      for (const auto& y : x.runs)
        result.push_back(y.name);
    return result;
  }
};

} // namespace orc::test
