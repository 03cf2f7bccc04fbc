#include "tests/persistence/hook_store_conformance.hpp"

#include "messages/json/json.hpp"
#include "tests/persistence/store_client.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <future>

namespace orc::test {

namespace {

using texts = std::vector<std::string>;

hook_filter make_hook(std::string name) {
  hook_filter result;
  result.name = std::move(name);
  result.url = secret{"https://example.com/hook"};
  return result;
}

/// A store, and the conversation about webhooks with it.
class hook_client {
public:
  hook_client(caf::actor_system& system, run_store_actor store)
    : runs{system, store}, system_{system}, hooks_{
                                              caf::actor_cast<hook_store_actor>(
                                                store)} {
    // nop
  }

  template <class Answer, class Request>
  Answer ask(Request request) {
    caf::scoped_actor self{system_};
    caf::expected<Answer> result{caf::error{}};
    self->request(hooks_, std::chrono::seconds{60}, std::move(request))
      .receive([&](Answer& x) { result = std::move(x); },
               [&](caf::error& x) { result = std::move(x); });
    REQUIRE(result);
    return std::move(*result);
  }

  void follow(std::vector<hook_filter> hooks) {
    ask<saved>(follow_hooks{std::move(hooks)});
  }

  delivery_page
  load(std::string hook = "ops", delivery_state state = delivery_state::pending,
       std::uint64_t after = 0, std::uint32_t limit = 100) {
    return ask<delivery_page>(
      load_deliveries{std::move(hook), state, after, limit});
  }

  /// @returns the kinds of what is pending, in order.
  texts kinds(std::string hook = "ops") {
    texts result;
    for (const auto& x : load(std::move(hook)).items) {
      auto event = from_json<cloud_event>(x.event.view());
      REQUIRE(event);
      result.push_back(event->type);
    }
    return result;
  }

  hook_record record() {
    return ask<hook_records>(load_hooks{}).hooks.at(0);
  }

  const hook_store_actor& handle() const {
    return hooks_;
  }

  store_client runs;

private:
  caf::actor_system& system_;
  hook_store_actor hooks_;
};

/// Takes a run through its life.
run_record live_through(hook_client& store, std::string name,
                        std::string space = "default") {
  auto x = store.runs.insert(make_record(std::move(name), space)).record;
  for (auto state :
       {run_state::starting, run_state::running, run_state::finished}) {
    x = in_state(x, state);
    if (state == run_state::finished)
      x.view.item_count.reset();
    store.runs.save(x);
  }
  return x;
}

void check_facts(hook_client& store) {
  store.follow({make_hook("ops")});
  SECTION("each step of a run is a fact, in the order of the steps") {
    live_through(store, "a");
    CHECK(store.kinds()
          == texts{"apify-orchestrator.run.submitted",
                   "apify-orchestrator.run.starting",
                   "apify-orchestrator.run.started",
                   "apify-orchestrator.run.ended"});
  }
  SECTION("what becomes known of a final run is a fact, too") {
    auto x = live_through(store, "a");
    x.view.item_count = 7;
    store.runs.save(x);
    CHECK(store.kinds().back() == "apify-orchestrator.run.settled");
    auto before = store.kinds().size();
    store.runs.save(x);
    CHECK(store.kinds().size() == before);
  }
  SECTION("a resurrection, a return to the queue and a rejoin are facts") {
    auto x = store.runs.insert(make_record("a")).record;
    for (auto state : {run_state::running, run_state::queued,
                       run_state::cancelled, run_state::queued})
      store.runs.save(in_state(x, state));
    CHECK(store.kinds()
          == texts{"apify-orchestrator.run.submitted",
                   "apify-orchestrator.run.resurrected",
                   "apify-orchestrator.run.queued",
                   "apify-orchestrator.run.ended",
                   "apify-orchestrator.run.submitted"});
  }
  SECTION("a step that is refused is no fact") {
    auto x = store.runs.insert(make_record("a")).record;
    store.runs.insert(make_record("a"));
    store.runs.save(in_state(x, run_state::starting));
    auto stale = in_state(x, run_state::lost);
    stale.revision = 1;
    auto before = store.kinds().size();
    CHECK_FALSE(store.runs.try_save(stale));
    auto other = make_record("a");
    other.target.id = "apify/other";
    new_run fresh;
    fresh.record = make_record("c");
    new_run conflict;
    conflict.record = other;
    CHECK_FALSE(store.runs.try_insert({fresh, conflict}));
    CHECK(store.kinds().size() == before);
  }
}

void check_events(hook_client& store) {
  store.follow({make_hook("ops")});
  auto x = store.runs.insert(make_record("shop/1", "mine")).record;
  store.runs.save(in_state(x, run_state::lost));
  auto page = store.load();
  REQUIRE(page.items.size() == 2);
  auto event = from_json<cloud_event>(page.items[1].event.view());
  REQUIRE(event);
  SECTION("an event names its run, its store and itself") {
    auto instance = store.runs.try_check()->instance;
    CHECK(event->specversion == "1.0");
    CHECK(event->source == "/apify-orchestrator/" + instance);
    CHECK(event->subject == "mine/shop/1");
    CHECK(event->id == page.items[1].event_id);
    CHECK(event->id.find('.') == std::string::npos);
    CHECK(event->id != page.items[0].event_id);
    CHECK(event->data.state == run_state::lost);
    CHECK(event->time > timestamp{1'700'000'000'000});
  }
}

void check_filters(hook_client& store) {
  auto ends = make_hook("ends");
  ends.kinds = {event_kind::ended};
  auto mine = make_hook("mine");
  mine.space = "mine";
  auto failures = make_hook("failures");
  failures.only_failures = true;
  store.follow({ends, mine, failures});
  live_through(store, "a");
  auto lost = store.runs.insert(make_record("b", "mine")).record;
  store.runs.save(in_state(lost, run_state::lost));

  SECTION("a webhook may want some kinds only") {
    CHECK(store.kinds("ends") == texts(2, "apify-orchestrator.run.ended"));
  }
  SECTION("a webhook may want one namespace only") {
    CHECK(store.kinds("mine").size() == 2);
  }
  SECTION("a webhook may want ends without success only") {
    CHECK(store.kinds("failures") == texts{"apify-orchestrator.run.ended"});
  }
  SECTION("what is not followed costs nothing") {
    store.follow({});
    live_through(store, "c");
    store.follow({ends});
    CHECK(store.kinds("ends").size() == 2);
  }
}

void check_settling(hook_client& store) {
  store.follow({make_hook("ops")});
  live_through(store, "a");
  auto first = store.load().items.at(0).id;
  SECTION("what is delivered is forgotten") {
    store.ask<saved>(
      settle_delivery{first, delivery_end::delivered, 1, {}, ""});
    CHECK(store.load().items.size() == 3);
    CHECK(store.record().pending == 3);
  }
  SECTION("what is tried again keeps its pause and its problem") {
    auto next = timestamp{1'800'000'000'000};
    store.ask<saved>(
      settle_delivery{first, delivery_end::retry, 4, next, "refused"});
    auto x = store.load().items.at(0);
    CHECK(x.attempts == 4);
    CHECK(x.next_at == next);
    CHECK(x.problem == "refused");
  }
  SECTION("what is given up is kept until it is redriven") {
    store.ask<saved>(settle_delivery{first, delivery_end::dead, 9, {}, "no"});
    CHECK(store.record().dead == 1);
    CHECK(store.load("ops", delivery_state::dead).items.at(0).id == first);
    auto wrong = redrive_deliveries{"ops", {first + 1}};
    CHECK(store.ask<redriven_deliveries>(wrong).count == 0);
    auto right = redrive_deliveries{"ops", {first}};
    CHECK(store.ask<redriven_deliveries>(right).count == 1);
    auto x = store.load().items.at(0);
    CHECK(x.id == first);
    CHECK(x.attempts == 0);
    CHECK(store.record().dead == 0);
  }
  SECTION("what is dead and old is pruned") {
    store.ask<saved>(settle_delivery{first, delivery_end::dead, 9, {}, "no"});
    auto in_an_hour = prune_deliveries{now() + std::chrono::hours{1}};
    CHECK(store.ask<redriven_deliveries>(in_an_hour).count == 1);
    CHECK(store.record().pending == 3);
  }
}

void check_pages(hook_client& store) {
  auto hook = make_hook("ops");
  hook.max_backlog = 5;
  store.follow({hook});
  SECTION("deliveries come in pages") {
    live_through(store, "a");
    auto first = store.load("ops", delivery_state::pending, 0, 3);
    REQUIRE(first.next_after);
    CHECK(first.items.size() == 3);
    auto second
      = store.load("ops", delivery_state::pending, *first.next_after, 3);
    CHECK(second.items.size() == 1);
    CHECK_FALSE(second.next_after);
  }
  SECTION("the oldest are dropped when there are too many") {
    for (auto i = 0; i < 200; ++i)
      live_through(store, "run-" + std::to_string(i));
    // Following measures the backlog; otherwise it is measured now and then.
    store.follow({hook});
    auto kept = store.load();
    CHECK(kept.items.size() == 5);
    CHECK(kept.items.at(0).id == 796);
    CHECK(store.record().dropped == 795);
  }
}

void check_disabling(hook_client& store) {
  store.follow({make_hook("ops")});
  live_through(store, "a");
  store.ask<saved>(disable_hook{"ops", "it answered 410 Gone"});
  live_through(store, "b");
  SECTION("what is owed to a disabled webhook is dead, and no more is owed") {
    CHECK(store.record().disabled);
    CHECK(store.record().disabled_because == "it answered 410 Gone");
    CHECK(store.record().dead == 4);
    CHECK(store.record().pending == 0);
  }
  SECTION("redriving enables it") {
    store.ask<redriven_deliveries>(redrive_deliveries{"ops", {}});
    CHECK_FALSE(store.record().disabled);
    CHECK(store.record().pending == 4);
    live_through(store, "c");
    CHECK(store.record().pending == 8);
  }
  SECTION("another URL enables it") {
    auto moved = make_hook("ops");
    moved.url = secret{"https://example.com/other"};
    store.follow({moved});
    CHECK_FALSE(store.record().disabled);
  }
}

void check_notices(caf::actor_system& system, hook_client& store) {
  auto told = std::make_shared<std::promise<void>>();
  auto sink = system.spawn([told](delivery_sink::pointer self) {
    return delivery_sink::behavior_type{[=](deliveries_added) {
      told->set_value();
      self->quit();
    }};
  });
  store.follow({make_hook("ops")});
  caf::anon_send(store.handle(), watch_deliveries{sink});
  store.runs.insert(make_record("a"));
  SECTION("who watches is told of new deliveries") {
    CHECK(told->get_future().wait_for(std::chrono::seconds{30})
          == std::future_status::ready);
  }
}

} // namespace

void check_hook_store(caf::actor_system& system,
                      const std::function<run_store_actor()>& make_store) {
  hook_client store{system, make_store()};
  SECTION("facts") {
    check_facts(store);
  }
  SECTION("events") {
    check_events(store);
  }
  SECTION("filters") {
    check_filters(store);
  }
  SECTION("settling") {
    check_settling(store);
  }
  SECTION("pages") {
    check_pages(store);
  }
  SECTION("disabling") {
    check_disabling(store);
  }
  SECTION("notices") {
    check_notices(system, store);
  }
}

} // namespace orc::test
