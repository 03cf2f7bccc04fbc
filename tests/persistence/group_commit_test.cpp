#include "tests/persistence/sqlite_fixture.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

using namespace orc;
using test::make_record;

namespace {

struct fixture : test::sqlite_fixture {
  /// Stores some runs in one request.
  std::vector<run_record> insert_many(test::store_client& store, int count) {
    std::vector<new_run> runs;
    for (int i = 0; i < count; ++i)
      runs.push_back({make_record("run-" + std::to_string(i)), {}});
    auto answer = store.try_insert(std::move(runs));
    REQUIRE(answer);
    std::vector<run_record> result;
    for (auto& x : answer->runs)
      result.push_back(std::move(x.record));
    return result;
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "saves that wait together share a commit") {
  auto& store = open();
  auto runs = insert_many(store, 2'000);
  auto before = data.commits();
  for (const auto& problem : store.save_all(runs))
    CHECK(!problem);
  auto commits = data.commits() - before;
  CHECK(commits >= 1);
  CHECK(commits < 500);
}

TEST_CASE_METHOD(fixture, "a save that is refused spoils no other") {
  auto& store = open();
  auto runs = insert_many(store, 3);
  runs[0] = test::with_attempt(runs[0], "id-1");
  runs[1] = test::with_attempt(runs[1], "id-1");
  runs[2] = test::with_attempt(runs[2], "id-2");
  auto problems = store.save_all(runs);
  CHECK(!problems[0]);
  CHECK(code_of(problems[1]) == ec::already_bound);
  CHECK(!problems[2]);
  auto owners = store.bound({"id-1", "id-2"}).owners;
  CHECK(owners["id-1"] == runs[0].key);
  CHECK(owners["id-2"] == runs[2].key);
}

TEST_CASE_METHOD(fixture, "whoever waits gets an answer when the store stops") {
  auto reason
    = GENERATE(caf::exit_reason::user_shutdown, caf::exit_reason::kill);
  auto& store = open();
  auto runs = insert_many(store, 500);
  caf::scoped_actor self{system.get()};
  using handle
    = decltype(self->request(store.handle(), caf::infinite, save_run{}));
  std::vector<handle> pending;
  for (const auto& x : runs) {
    auto next = test::in_state(x, run_state::starting);
    next.revision = test::next_revision();
    pending.push_back(self->request(store.handle(), std::chrono::seconds{30},
                                    save_run{next, {}}));
  }
  caf::anon_send_exit(store.handle(), reason);
  std::vector<run_key> durable;
  for (std::size_t i = 0; i < pending.size(); ++i)
    pending[i].receive([&](saved) { durable.push_back(runs[i].key); },
                       [](caf::error& x) {
                         CHECK(x != caf::sec::request_timeout);
                       });
  auto& again = open();
  for (auto key : durable)
    CHECK(again.try_load(key)->record.view.state == run_state::starting);
}

TEST_CASE_METHOD(fixture, "a long pruning lets others through") {
  auto& store = open();
  auto runs = insert_many(store, 2'500);
  for (auto& x : runs)
    x = test::in_state(x, run_state::finished, {100});
  store.save_all(runs);
  auto live = store.insert(make_record("live")).record;
  caf::scoped_actor self{system.get()};
  auto pruned
    = self->request(store.handle(), caf::infinite, prune_runs{timestamp{200}});
  store.save(live);
  pruned.receive([](pruned_runs x) { CHECK(x.count == 2'500); },
                 [](caf::error& x) { FAIL(message_of(x)); });
  CHECK(store.list({}).records.size() == 1);
  CHECK(store.totals().states.count("finished") == 0);
}
