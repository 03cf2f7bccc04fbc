#include "messages/batch_store.hpp"
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

template <class Answer, class Request>
Answer
ask(caf::actor_system& system, const run_store_actor& store, Request request) {
  caf::scoped_actor self{system};
  Answer result;
  self
    ->request(caf::actor_cast<batch_store_actor>(store), patience,
              std::move(request))
    .receive([&](Answer& x) { result = std::move(x); },
             [&](const caf::error& x) { FAIL(message_of(x)); });
  return result;
}

batch_record make_batch(std::string name, std::uint64_t tolerated) {
  batch_record result;
  result.ref = {"default", std::move(name)};
  result.rules.tolerated_failures = tolerated;
  return result;
}

void insert_run(test::store_client& store, std::string name, std::string space,
                std::string batch) {
  auto x = test::make_record(std::move(name), std::move(space));
  x.view.batch = std::move(batch);
  store.insert(x);
}

/// @param open opens the same store again.
void check_batch_store(caf::actor_system& system,
                       const std::function<run_store_actor()>& open,
                       bool is_durable) {
  {
    test::store_client store{system, open()};
    ask<saved>(system, store.handle(), save_batch{make_batch("a", 1)});
    ask<saved>(system, store.handle(), save_batch{make_batch("b", 2)});
    auto stopped = make_batch("a", 3);
    stopped.stopped = "too many";
    ask<saved>(system, store.handle(), save_batch{stopped});
    insert_run(store, "1", "default", "a");
    insert_run(store, "2", "elsewhere", "a");
    insert_run(store, "3", "default", "z");
    insert_run(store, "4", "default", "a");
    auto names = ask<batch_names>(system, store.handle(),
                                  list_batch_names{"default", 10});
    CHECK(names.refs
          == std::vector<run_ref>{{"default", "a"}, {"default", "z"}});
    names = ask<batch_names>(system, store.handle(), list_batch_names{"", 1});
    CHECK(names.refs == std::vector<run_ref>{{"default", "a"}});
    if (!is_durable)
      CHECK(ask<stored_batches>(system, store.handle(), load_batches{})
              .records.size()
            == 2);
  }
  if (!is_durable)
    return;
  test::store_client store{system, open()};
  auto kept
    = ask<stored_batches>(system, store.handle(), load_batches{}).records;
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].rules.tolerated_failures == 3);
  CHECK(kept[0].stopped == "too many");
  CHECK(kept[1].ref.name == "b");
}

} // namespace

TEST_CASE("the store on SQLite keeps batches") {
  test::quiet_system system;
  test::data_directory data;
  check_batch_store(
    system.get(),
    [&] {
      auto store = open_sqlite_store(system.get(), {data.path(), {}});
      REQUIRE(store);
      return *store;
    },
    true);
}

TEST_CASE("the store in memory keeps batches") {
  test::quiet_system system;
  check_batch_store(
    system.get(),
    [&] { return run_store_actor{system.get().spawn(memory_run_store)}; },
    false);
}
