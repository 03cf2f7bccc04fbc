#include "tests/persistence/run_store_conformance.hpp"

#include "messages/json/json.hpp"
#include "tests/persistence/reading_conformance.hpp"
#include "tests/persistence/settling_conformance.hpp"

#include <catch2/catch.hpp>

namespace orc::test {

namespace {

using names = std::vector<std::string>;

void check_inserts(store_client& store) {
  SECTION("a run with a new name is stored under a key that grows") {
    auto first = store.insert(make_record("first"), R"({"a":1})");
    auto second = store.insert(make_record("second"));
    CHECK(!first.joined);
    CHECK(first.record.key.value > 0);
    CHECK(second.record.key > first.record.key);
    CHECK(store.try_load(first.record.key)->input.view() == R"({"a":1})");
  }
  SECTION("a run whose name is known joins the one that has it") {
    auto first = store.insert(make_record("same"), "1");
    store.save(in_state(first.record, run_state::running));
    auto second = store.insert(make_record("same"), "2");
    CHECK(second.joined);
    CHECK(second.record.key == first.record.key);
    CHECK(second.record.view.state == run_state::running);
    CHECK(store.try_load(first.record.key)->input.view() == "1");
  }
  SECTION("a name twice in one request is one run") {
    auto answer = store.try_insert({{make_record("twin"), json_text{"1"}},
                                    {make_record("twin"), json_text{"2"}}});
    REQUIRE(answer);
    CHECK(!answer->runs[0].joined);
    CHECK(answer->runs[1].joined);
    CHECK(answer->runs[1].record.key == answer->runs[0].record.key);
  }
  SECTION("the same name in another namespace is another run") {
    auto first = store.insert(make_record("same", "a"));
    auto second = store.insert(make_record("same", "b"));
    CHECK(!second.joined);
    CHECK(store.try_find({"b", "same"})->key == second.record.key);
    CHECK(store.try_find({"a", "same"})->key == first.record.key);
  }
  SECTION("a run may have no input") {
    auto run = store.insert(make_record("bare"), "");
    CHECK(store.try_load(run.record.key)->input.empty());
  }
}

void check_conflicts(store_client& store) {
  SECTION("a name of another target is refused with all that came with it") {
    store.insert(make_record("taken"));
    auto other = make_record("taken");
    other.target.id = "apify/something-else";
    new_run fresh;
    fresh.record = make_record("fresh");
    new_run conflict;
    conflict.record = other;
    auto answer = store.try_insert({fresh, conflict});
    CHECK(code_of(answer.error()) == ec::name_conflict);
    CHECK_FALSE(store.try_find({"default", "fresh"}));
    CHECK(store.totals().states["queued"] == 1);
  }
}

void check_records(store_client& store) {
  SECTION("what is saved is what is loaded") {
    auto x = store.insert(make_record("run")).record;
    x = with_attempt(in_state(x, run_state::starting), "id-1");
    x.options.webhooks = json_text{R"([{"url":"http://a/"}])"};
    x.not_before = timestamp{5};
    x.view.reason = "waits \"long\" \xF0\x9F\x8D\x8C";
    x.abort_requested = true;
    x.revision = next_revision();
    store.save(x);
    auto loaded = store.try_load(x.key)->record;
    CHECK(loaded.key == x.key);
    CHECK(to_json(loaded) == to_json(x));
    CHECK(to_json(*store.try_find({"default", "run"})) == to_json(x));
  }
  SECTION("the input stays unless a new one is given") {
    auto x = store.insert(make_record("run"), "1").record;
    store.save(x);
    CHECK(store.try_load(x.key)->input.view() == "1");
    store.save(x, json_text{"2"});
    CHECK(store.try_load(x.key)->input.view() == "2");
  }
  SECTION("what is not newer is refused and changes nothing") {
    auto x
      = in_state(store.insert(make_record("run")).record, run_state::running);
    x.revision = next_revision();
    store.save(x);
    auto late = in_state(x, run_state::cancelled);
    late.revision = x.revision;
    CHECK(code_of(store.try_save(late).error()) == ec::stale_save);
    CHECK(store.try_load(x.key)->record.view.state == run_state::running);
  }
  SECTION("a run that is not there is unknown") {
    CHECK(code_of(store.try_load({7}).error()) == ec::unknown_run);
    CHECK(code_of(store.try_find({"default", "no"}).error())
          == ec::unknown_run);
    auto stray = make_record("stray");
    stray.key = {7};
    CHECK(code_of(store.try_save(stray).error()) == ec::unknown_run);
  }
}

void check_bindings(store_client& store) {
  auto mine = store.insert(make_record("mine")).record;
  auto other = store.insert(make_record("other")).record;
  store.save(with_attempt(with_attempt(mine, "id-1"), "id-2"));

  SECTION("a saved run owns the platform runs of all its attempts") {
    auto owners = store.bound({"id-1", "id-2", "id-3"}).owners;
    CHECK(owners.size() == 2);
    CHECK(owners["id-1"] == mine.key);
    CHECK(owners["id-2"] == mine.key);
  }
  SECTION("a platform run is never bound twice, and nothing changes then") {
    auto thief = in_state(with_attempt(with_attempt(other, "id-9"), "id-1"),
                          run_state::running);
    CHECK(code_of(store.try_save(thief).error()) == ec::already_bound);
    CHECK(store.try_load(other.key)->record.view.state == run_state::queued);
    CHECK(store.bound({"id-9"}).owners.empty());
    CHECK(store.totals().states["queued"] == 2);
  }
  SECTION("saving the same attempts again is fine") {
    store.save(with_attempt(with_attempt(mine, "id-1"), "id-2"));
    CHECK(store.bound({"id-1"}).owners["id-1"] == mine.key);
  }
}

void check_unfinished(store_client& store) {
  auto queued = make_record("queued", "elsewhere");
  queued.priority = -3;
  queued.not_before = timestamp{77};
  queued.target = {"user/task", true};
  queued = store.insert(queued).record;
  auto starting = store.insert(make_record("starting")).record;
  auto done = store.insert(make_record("done")).record;
  auto running = store.insert(make_record("running")).record;
  store.save(in_state(starting, run_state::starting));
  store.save(in_state(done, run_state::cancelled));
  store.save(in_state(running, run_state::running));

  SECTION("a restart gets what is not final") {
    auto x = store.unfinished({});
    REQUIRE(x.queued.size() == 1);
    REQUIRE(x.live.size() == 2);
    CHECK(x.live[0].key == starting.key);
    CHECK(x.live[0].intent->marker == "marker");
    CHECK(x.live[1].key == running.key);
    CHECK(x.complete);
    CHECK(x.last == running.key);
  }
  SECTION("a queued run comes with what admission needs") {
    auto x = store.unfinished({}).queued.at(0);
    CHECK(x.key == queued.key);
    CHECK(x.account == "default");
    CHECK(x.space == "elsewhere");
    CHECK(x.target == run_target{"user/task", true});
    CHECK(x.memory == mebibytes{256});
    CHECK(x.priority == -3);
    CHECK(x.not_before == timestamp{77});
  }
  SECTION("it gets them in pages") {
    auto first = store.unfinished({{}, 2});
    auto second = store.unfinished({first.last, 2});
    CHECK(!first.complete);
    CHECK(first.last == starting.key);
    CHECK(second.complete);
    CHECK(second.live.size() == 1);
    CHECK(store.unfinished({second.last, 2}).complete);
  }
}

void check_pruning(store_client& store) {
  auto set = [&](const char* name, run_state state, std::int64_t end) {
    auto x = store.insert(make_record(name)).record;
    store.save(in_state(with_attempt(x, name), state, timestamp{end}));
    return x.key;
  };
  auto old = set("old", run_state::finished, 100);
  set("fresh", run_state::finished, 200);
  set("live", run_state::running, 0);
  // It ended once, and was started anew.
  auto again = *store.try_find({"default", "live"});
  again.view.finished_at = timestamp{50};
  again.revision = 0;
  store.save(again);

  SECTION("only old final runs are pruned") {
    CHECK(store.prune({200}) == 1);
    CHECK(names_of(store.list({})) == names{"live", "fresh"});
    CHECK(code_of(store.try_load(old).error()) == ec::unknown_run);
    CHECK(store.totals().states["finished"] == 1);
    CHECK(store.bound({"old", "fresh"}).owners.size() == 1);
  }
  SECTION("a pruned name is free, its key is not used again") {
    auto last = set("last", run_state::cancelled, 10);
    CHECK(store.prune({200}) == 2);
    auto next = store.insert(make_record("last"));
    CHECK(!next.joined);
    CHECK(next.record.key > last);
  }
}

void check_accounts(store_client& store) {
  CHECK(store.try_accounts()->accounts.empty());
  REQUIRE(store.try_save_account({"token-b", secret{"first"}}));
  REQUIRE(store.try_save_account({"token-a", secret{"apify_api_1"}}));
  REQUIRE(store.try_save_account({"token-b", secret{"apify_api_2"}}));
  auto accounts = store.try_accounts()->accounts;
  REQUIRE(accounts.size() == 2);
  CHECK(accounts[0].name == "token-a");
  CHECK(accounts[0].token.reveal() == "apify_api_1");
  CHECK(accounts[1].token.reveal() == "apify_api_2");
}

void check_health(store_client& store) {
  auto first = store.try_check();
  REQUIRE(first);
  CHECK(first->instance.size() == 12);
  CHECK(store.try_check()->instance == first->instance);
}

} // namespace

void check_run_store(caf::actor_system& system,
                     const std::function<run_store_actor()>& make_store) {
  store_client store{system, make_store()};
  SECTION("inserts") {
    check_inserts(store);
  }
  SECTION("records") {
    check_records(store);
  }
  SECTION("bindings") {
    check_bindings(store);
  }
  SECTION("conflicts") {
    check_conflicts(store);
  }
  SECTION("reading") {
    check_reading(store);
  }
  SECTION("unfinished runs") {
    check_unfinished(store);
  }
  SECTION("unsettled runs") {
    check_settling(store);
  }
  SECTION("pruning") {
    check_pruning(store);
  }
  SECTION("accounts are kept, the last token counts") {
    check_accounts(store);
  }
  SECTION("a healthy store tells who it is") {
    check_health(store);
  }
}

} // namespace orc::test
