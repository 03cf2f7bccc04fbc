#include "messages/budget.hpp"
#include "messages/bus/bus_store.hpp"
#include "messages/hook_store.hpp"
#include "persistence/memory/run_store.hpp"
#include "persistence/sqlite/open.hpp"
#include "tests/persistence/data_directory.hpp"
#include "tests/persistence/store_client.hpp"

#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>

#include <functional>

using namespace orc;

namespace {

constexpr std::chrono::seconds patience{60};

/// The conversations about the bus with a store.
class bus_client {
public:
  bus_client(caf::actor_system& system, const run_store_actor& store)
    : runs_{system, store}, system_{system},
      commands_{caf::actor_cast<bus_store_actor>(store)},
      outbox_{caf::actor_cast<hook_store_actor>(store)} {
    follow_hooks request;
    request.hooks.emplace_back().name = bus_outbox;
    ask<saved>(outbox_, request);
  }

  known_command begin(std::string id, timestamp at = {1'000}) {
    return ask<known_command>(commands_,
                              begin_command{std::move(id), "run.submit", at});
  }

  void end(std::string id, bool failed, std::string event_id) {
    end_command request{std::move(id), failed, 201, json_text{"[1]"}, {}};
    request.fact.event_id = std::move(event_id);
    request.fact.event = json_text{"{}"};
    ask<saved>(commands_, std::move(request));
  }

  template <class Request>
  void tell(Request request) {
    ask<saved>(commands_, std::move(request));
  }

  std::vector<std::string> owed() {
    load_deliveries request;
    request.hook = bus_outbox;
    std::vector<std::string> result;
    for (const auto& x : ask<delivery_page>(outbox_, request).items)
      result.push_back(x.event_id);
    return result;
  }

  /// The facts themselves, in order.
  std::vector<std::string> owed_events() {
    load_deliveries request;
    request.hook = bus_outbox;
    std::vector<std::string> result;
    for (const auto& x : ask<delivery_page>(outbox_, request).items)
      result.emplace_back(x.event.view());
    return result;
  }

  test::store_client& runs() {
    return runs_;
  }

private:
  template <class Answer, class Handle, class Request>
  Answer ask(const Handle& whom, Request request) {
    caf::scoped_actor self{system_};
    Answer result;
    self->request(whom, patience, std::move(request))
      .receive([&](Answer& x) { result = std::move(x); },
               [&](const caf::error& x) { FAIL(message_of(x)); });
    return result;
  }

  /// Ends the store with this object.
  test::store_client runs_;
  caf::actor_system& system_;
  bus_store_actor commands_;
  hook_store_actor outbox_;
};

using texts = std::vector<std::string>;

/// @param open opens the same store again.
void check_bus_store(caf::actor_system& system,
                     const std::function<run_store_actor()>& open,
                     bool is_durable) {
  {
    bus_client store{system, open()};
    CHECK(store.begin("a").state == command_state::fresh);
    CHECK(store.begin("a").state == command_state::begun);
    store.end("a", false, "event-a");
    CHECK(store.begin("b").state == command_state::fresh);
    store.end("b", true, "event-b");
    CHECK(store.begin("c").state == command_state::fresh);
    store.tell(forget_command{"c"});
    CHECK(store.begin("c").state == command_state::fresh);
    // What has ended is not forgotten by mistake.
    store.tell(forget_command{"a"});
    store.tell(owe_events{{{"event-d", 7, json_text{"{}"}}}});
    CHECK(store.owed() == texts{"event-a", "event-b", "event-d"});
    if (!is_durable)
      return;
  }
  bus_client store{system, open()};
  auto a = store.begin("a");
  CHECK(a.state == command_state::done);
  CHECK(a.status == 201);
  CHECK(a.answer.view() == "[1]");
  CHECK(store.begin("b").state == command_state::failed);
  CHECK(store.begin("c").state == command_state::begun);
  CHECK(store.owed().size() == 3);
  store.begin("young", {5'000});
  store.tell(prune_commands{{5'000}});
  CHECK(store.begin("a").state == command_state::fresh);
  CHECK(store.begin("young").state == command_state::begun);
}

} // namespace

TEST_CASE("durable commands are known by their ids, over restarts, too") {
  test::quiet_system system;
  test::data_directory data;
  check_bus_store(
    system.get(),
    [&] {
      auto store = open_sqlite_store(system.get(), {data.path(), {}});
      REQUIRE(store);
      return *store;
    },
    true);
}

TEST_CASE("the store in memory knows durable commands, too") {
  test::quiet_system system;
  check_bus_store(
    system.get(),
    [&] { return run_store_actor{system.get().spawn(memory_run_store)}; },
    false);
}

TEST_CASE("where there is no bus, nothing is owed to it") {
  test::quiet_system system;
  auto store = run_store_actor{system.get().spawn(memory_run_store)};
  test::store_client runs{system.get(), store};
  caf::scoped_actor self{system.get()};
  self
    ->request(caf::actor_cast<bus_store_actor>(store), patience,
              owe_events{{{"event", 1, json_text{"{}"}}}})
    .receive([](const saved&) {},
             [](const caf::error& x) { FAIL(message_of(x)); });
  load_deliveries request;
  request.hook = bus_outbox;
  self->request(caf::actor_cast<hook_store_actor>(store), patience, request)
    .receive([](const delivery_page& x) { CHECK(x.items.empty()); },
             [](const caf::error& x) { FAIL(message_of(x)); });
}

namespace {

publish_event stuck_fact(const run& x) {
  return {event_kind::stuck, x, "nothing new for 5 s"};
}

bool says(const std::string& event, std::string_view part) {
  return event.find(part) != std::string::npos;
}

/// Facts are owed exactly if what they are told of is durable.
void check_facts_of_runs(caf::actor_system& system,
                         const run_store_actor& opened) {
  bus_client store{system, opened};
  run_record first;
  first.view.name = "a";
  auto record = store.runs().insert(first).record;
  record.view.state = run_state::running;
  save_run step{record, {}, {stuck_fact(record.view)}};
  step.record.revision = 1;
  caf::scoped_actor self{system};
  auto save = [&] {
    caf::error result;
    self->request(opened, patience, step)
      .receive([](const saved&) {},
               [&](caf::error& err) { result = std::move(err); });
    return result;
  };
  CHECK(!save());
  auto events = store.owed_events();
  REQUIRE(events.size() == 3);
  CHECK(says(events[1], "apify-orchestrator.run.resurrected"));
  CHECK(says(events[2], R"("type":"apify-orchestrator.run.stuck")"));
  CHECK(says(events[2], R"("subject":"default/a")"));
  CHECK(says(events[2], R"("note":"nothing new for 5 s")"));
  // Somebody else has saved it meanwhile.
  CHECK(code_of(save()) == ec::stale_save);
  CHECK(store.owed_events().size() == 3);
}

} // namespace

TEST_CASE("what a step of a run does not show is owed with it") {
  test::quiet_system system;
  SECTION("by the store on disk") {
    test::data_directory data;
    auto store = open_sqlite_store(system.get(), {data.path(), {}});
    REQUIRE(store);
    check_facts_of_runs(system.get(), *store);
  }
  SECTION("by the store in memory") {
    auto store = system.get().spawn(memory_run_store);
    check_facts_of_runs(system.get(), caf::actor_cast<run_store_actor>(store));
  }
}

TEST_CASE("what is told of a budget is owed with its change") {
  test::quiet_system system;
  test::data_directory data;
  auto opened = open_sqlite_store(system.get(), {data.path(), {}});
  REQUIRE(opened);
  bus_client store{system.get(), *opened};
  save_ledger change;
  run cause;
  cause.name = "a";
  change.facts.push_back({event_kind::budget_warned, cause, "half is spent"});
  change.facts.push_back({event_kind::budget_reached, cause, "too little"});
  caf::scoped_actor self{system.get()};
  self->request(caf::actor_cast<ledger_store_actor>(*opened), patience, change)
    .receive([](const saved&) {},
             [](const caf::error& err) { FAIL(message_of(err)); });
  auto events = store.owed_events();
  REQUIRE(events.size() == 2);
  CHECK(says(events[0], "apify-orchestrator.budget.warned"));
  CHECK(says(events[1], "apify-orchestrator.budget.reached"));
  auto ids = store.owed();
  CHECK(ids[0] != ids[1]);
}
