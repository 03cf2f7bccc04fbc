#include "persistence/memory/money_store.hpp"
#include "tests/persistence/sqlite_fixture.hpp"

#include <caf/scoped_actor.hpp>

#include <algorithm>

using namespace orc;

namespace {

template <class Answer, class Request>
Answer ask(caf::actor_system& system, const money_store_actor& store,
           const Request& request) {
  Answer result;
  caf::scoped_actor self{system};
  self->request(store, caf::infinite, request)
    .receive([&](Answer& x) { result = std::move(x); },
             [](const caf::error& err) { FAIL(message_of(err)); });
  return result;
}

charge sample_charge() {
  charge x;
  x.key = {run_key{7}, 2};
  x.budgets = {"all", "shop/nightly"};
  x.state = charge_state::ended;
  x.usd = 0.5;
  x.estimate_usd = 0.25;
  x.base_usd = 0.125;
  x.at = timestamp{1'700'000'000'000};
  return x;
}

budget_settings sample_budget(double cap) {
  budget_settings x;
  x.name = "all";
  x.space = "shop";
  x.on_reached = budget_action::stop;
  x.cap_usd = cap;
  return x;
}

void check_ledger(caf::actor_system& system, const money_store_actor& store) {
  save_ledger first;
  first.put = {sample_charge()};
  first.spent = {{"all", 3, 0.1}, {"all", 4, 0.5}};
  first.budgets = {{sample_budget(2), sample_budget(1)}};
  ask<saved>(system, store, first);
  save_ledger second;
  second.spent = {{"all", 3, 0.2}};
  ask<saved>(system, store, second);

  auto kept = ask<stored_ledger>(system, store, load_ledger{});
  REQUIRE(kept.charges.size() == 1);
  CHECK(kept.charges[0].key == sample_charge().key);
  CHECK(kept.charges[0].budgets == sample_charge().budgets);
  CHECK(kept.charges[0].state == charge_state::ended);
  CHECK(kept.charges[0].base_usd == 0.125);
  CHECK(kept.charges[0].at == sample_charge().at);
  REQUIRE(kept.spent.size() == 2);
  CHECK(kept.spent[0].usd == 0.3);
  REQUIRE(kept.budgets.size() == 1);
  CHECK(kept.budgets[0].settings == sample_budget(2));
  CHECK(kept.budgets[0].configured == sample_budget(1));

  save_ledger last;
  last.removed = {sample_charge().key};
  ask<saved>(system, store, last);
  CHECK(ask<stored_ledger>(system, store, load_ledger{}).charges.empty());
}

void check_samples(caf::actor_system& system, const money_store_actor& store) {
  save_samples many;
  for (int i = 0; i < 250; ++i) {
    auto& x = many.samples.emplace_back();
    x.target = {"me/shop", i % 50 == 0};
    x.secs = i;
    if (i % 2 == 1)
      x.usd = 0.5;
  }
  ask<saved>(system, store, many);
  auto kept = ask<kept_samples>(system, store, load_samples{}).samples;
  CHECK(kept.size() == 205);
  auto last = std::find_if(kept.rbegin(), kept.rend(),
                           [](const auto& x) { return !x.target.is_task; });
  CHECK(last->secs == 249);
  CHECK(last->usd == 0.5);
}

} // namespace

TEST_CASE("the store on SQLite keeps ledger and samples") {
  test::sqlite_fixture fixture;
  auto opened = fixture.try_open();
  REQUIRE(opened);
  auto store = caf::actor_cast<money_store_actor>(*opened);
  check_ledger(fixture.system.get(), store);
  check_samples(fixture.system.get(), store);
}

TEST_CASE("the store in memory keeps ledger and samples") {
  test::quiet_system system;
  auto store = system.get().spawn(memory_money_store);
  check_ledger(system.get(), store);
  check_samples(system.get(), store);
  caf::anon_send_exit(store, caf::exit_reason::user_shutdown);
}
