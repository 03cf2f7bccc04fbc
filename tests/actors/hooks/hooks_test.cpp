#include "actors/hooks/hooks.hpp"
#include "persistence/memory/run_store.hpp"
#include "tests/support/actor_fixture.hpp"

#include <memory>
#include <vector>

using namespace orc;
using namespace std::chrono_literals;

namespace {

/// What receivers were sent, and what they answer.
struct receiver {
  std::vector<send_hook> sent;
  hook_answer answer{200, "", {}};
};

hook_sender_actor::behavior_type
fake_sender(hook_sender_actor::pointer, std::shared_ptr<receiver> to) {
  return {[to](const send_hook& x) {
    to->sent.push_back(x);
    return to->answer;
  }};
}

hook_settings make_hook() {
  hook_settings result;
  result.filter.name = "ops";
  result.filter.url = secret{"https://user:pass@example.com/secret?key=1"};
  result.signing_key = secret{"whsec_x"};
  result.give_up_after = 1h;
  return result;
}

/// HOOKS beside a store in memory.
struct fixture : test::actor_fixture {
  fixture() {
    store = system().spawn(memory_run_store);
    sender = system().spawn(fake_sender, to);
    follow_hooks request;
    request.hooks.push_back(make_hook().filter);
    ask<saved>(caf::actor_cast<hook_store_actor>(store), request);
    start();
  }

  ~fixture() {
    kill(subject);
    kill(sender);
    kill(store);
  }

  void start() {
    auto parts = hooks_parts{caf::actor_cast<hook_store_actor>(store), sender};
    subject = caf::actor_cast<hooks_actor>(system().spawn(
      hooks, std::vector{make_hook()}, parts, std::chrono::milliseconds{24h}));
    run();
  }

  run_record submit(std::string name) {
    insert_runs request;
    request.runs.emplace_back().record.view.name = std::move(name);
    return ask<inserted_runs>(store, request).response().runs.at(0).record;
  }

  void end(run_record x) {
    ++x.revision;
    x.view.state = run_state::refused;
    ask<saved>(store, save_run{std::move(x), {}});
  }

  hook_view view() {
    return ask<hook_views>(subject, get_hooks{}).response().items.at(0);
  }

  std::shared_ptr<receiver> to = std::make_shared<receiver>();
  run_store_actor store;
  hook_sender_actor sender;
  hooks_actor subject;
};

} // namespace

TEST_CASE_METHOD(fixture, "a fact is sent as soon as it is durable") {
  end(submit("a"));
  REQUIRE(to->sent.size() == 2);
  CHECK(to->sent[0].event.view().find("run.submitted") != std::string::npos);
  CHECK(to->sent[1].event.view().find("run.ended") != std::string::npos);
  CHECK(to->sent[0].event_id != to->sent[1].event_id);
  CHECK(to->sent[0].url == make_hook().filter.url);
  CHECK(to->sent[0].signing_key == make_hook().signing_key);
  CHECK(view().delivered == 2);
  CHECK(view().pending == 0);
}

TEST_CASE_METHOD(fixture, "what fails is sent again, the same byte for byte") {
  to->answer = {503, "it answered 503", {}};
  submit("a");
  REQUIRE(to->sent.size() == 1);
  CHECK(view().pending == 1);
  CHECK(view().state == hook_health::failing);
  CHECK(view().last_problem == "it answered 503");
  to->answer = {204, "", {}};
  advance(2s);
  REQUIRE(to->sent.size() == 2);
  CHECK(to->sent[0].event_id == to->sent[1].event_id);
  CHECK(to->sent[0].event == to->sent[1].event);
  CHECK(view().pending == 0);
  CHECK(view().state == hook_health::active);
}

TEST_CASE_METHOD(fixture, "what was owed before a restart is sent after it") {
  to->answer = {0, "connect: refused", {}};
  submit("a");
  kill(subject);
  to->answer = {200, "", {}};
  start();
  advance(2s);
  REQUIRE(to->sent.size() == 2);
  CHECK(to->sent[0].event == to->sent[1].event);
}

TEST_CASE_METHOD(fixture, "what is given up is kept, listed and redriven") {
  to->answer = {500, "it answered 500", {}};
  submit("a");
  for (auto i = 0; i < 12; ++i)
    advance(15min);
  CHECK(view().dead == 1);
  auto dead = load_deliveries{"ops", delivery_state::dead, 0, 10};
  auto page = ask<delivery_page>(subject, dead).response();
  REQUIRE(page.items.size() == 1);
  CHECK(page.items[0].problem == "it answered 500");

  to->answer = {200, "", {}};
  auto done = ask<redriven_deliveries>(subject, redrive_deliveries{"ops", {}});
  CHECK(done.response().count == 1);
  CHECK(view().dead == 0);
  CHECK(view().delivered == 1);
}

TEST_CASE_METHOD(fixture, "a receiver that answers 410 gets nothing more") {
  to->answer = {410, "it answered 410 Gone", {}};
  submit("a");
  submit("b");
  advance(1h);
  CHECK(to->sent.size() == 1);
  CHECK(view().state == hook_health::disabled);
  CHECK(view().dead == 1);
  CHECK(view().pending == 0);

  to->answer = {200, "", {}};
  ask<redriven_deliveries>(subject, redrive_deliveries{"ops", {}});
  submit("c");
  CHECK(to->sent.size() == 3);
  CHECK(view().state == hook_health::active);
}

TEST_CASE_METHOD(fixture, "dead deliveries are forgotten when they are old") {
  to->answer = {410, "it answered 410 Gone", {}};
  submit("a");
  for (auto i = 0; i < 26; ++i)
    advance(1h);
  CHECK(view().dead == 0);
}

TEST_CASE_METHOD(fixture, "a webhook that is not configured is not found") {
  auto list = load_deliveries{"nobody", delivery_state::dead, 0, 10};
  CHECK(code_of(ask<delivery_page>(subject, list).error()) == ec::not_found);
  auto redrive = redrive_deliveries{"nobody", {}};
  CHECK(code_of(ask<redriven_deliveries>(subject, redrive).error())
        == ec::not_found);
}

TEST_CASE_METHOD(fixture,
                 "the end waits for what can be delivered, no longer") {
  submit("a");
  CHECK_FALSE(ask<saved>(subject, drain_hooks{5s}).waits());
  to->answer = {500, "it answered 500", {}};
  submit("b");
  CHECK_FALSE(ask<saved>(subject, drain_hooks{5s}).waits());
}

TEST_CASE_METHOD(fixture, "nothing that may be secret is shown") {
  CHECK(view().url == "https://example.com/…");
  CHECK(view().is_signed);
  CHECK(shown_url(secret{"http://127.0.0.1:80"}) == "http://127.0.0.1:80");
  CHECK(shown_url(secret{"http://h/"}) == "http://h");
  CHECK(shown_url(secret{"http://h?a=u@b"}) == "http://h/…");
}
