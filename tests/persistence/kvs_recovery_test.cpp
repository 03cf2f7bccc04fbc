#include "tests/persistence/kvs_fixture.hpp"

#include <algorithm>
#include <atomic>

using namespace orc;
using test::in_state;
using test::make_record;
using test::with_attempt;

namespace {

std::size_t
count_of(const test::fake_record_store::records& xs, std::string_view part) {
  return static_cast<std::size_t>(
    std::count_if(xs.begin(), xs.end(), [&](const auto& x) {
      return x.first.find(part) != std::string::npos;
    }));
}

} // namespace

TEST_CASE("what was answered is there again, inputs included") {
  test::kvs_fixture x;
  {
    test::store_client store{x.system.get(), x.open()};
    auto run = store.insert(make_record("a"), "{\"x\":\n1}").record;
    store.save(with_attempt(in_state(run, run_state::running), "id-1"));
    store.insert(make_record("b"), "");
  }
  test::store_client store{x.system.get(), x.open()};
  auto a = store.try_find({"default", "a"});
  REQUIRE(a);
  CHECK(a->view.state == run_state::running);
  CHECK(store.try_load(a->key)->input.view() == "{\"x\":\n1}");
  CHECK(store.bound({"id-1"}).owners.at("id-1") == a->key);
  CHECK(store.insert(make_record("c")).record.key.value == 3);
}

TEST_CASE("a crash at any record that is put loses nothing that was answered") {
  test::kvs_fixture x;
  // What was there after each put, and which runs had been answered by then.
  std::vector<std::pair<test::fake_record_store::records, int>> snapshots;
  std::atomic<int> answered = 0;
  x.records->after_put = [&](const std::string&) {
    snapshots.emplace_back(x.records->all(), answered.load());
  };
  for (int process = 0; process < 3; ++process) {
    test::store_client store{x.system.get(), x.open()};
    for (int i = 0; i < 3; ++i, ++answered)
      store.insert(make_record("run-" + std::to_string(answered)));
  }
  x.records->after_put = nullptr;

  for (const auto& [records, durable] : snapshots) {
    x.roll_back(records);
    test::store_client store{x.system.get(), x.open()};
    for (int i = 0; i < durable; ++i)
      CHECK(store.try_find({"default", "run-" + std::to_string(i)}));
  }
}

TEST_CASE("an input larger than a record is kept in several") {
  test::kvs_fixture x;
  auto input = "\"" + std::string(9'437'000, 'x') + "\"";
  {
    test::store_client store{x.system.get(), x.open()};
    store.insert(make_record("large"), input);
  }
  for (const auto& [key, body] : x.records->all())
    CHECK(body.size() <= 9'437'184);
  test::store_client store{x.system.get(), x.open()};
  CHECK(store.try_load({1})->input.view() == input);
}

TEST_CASE(
  "a long journal becomes a new generation, and the store stays small") {
  test::kvs_fixture x;
  test::store_client store{x.system.get(), x.open()};
  auto run = store.insert(make_record("a")).record;
  for (int i = 0; i < 900; ++i)
    store.save(in_state(run, run_state::running));
  CHECK(count_of(x.records->all(), "-J") <= 2 * 200 + 100);
  CHECK(count_of(x.records->all(), "-B") <= 3);
  store.stop();
  test::store_client again{x.system.get(), x.open()};
  CHECK(again.try_find({"default", "a"})->view.state == run_state::running);
}

TEST_CASE("the previous generation stands in for a damaged one") {
  test::kvs_fixture x;
  {
    test::store_client store{x.system.get(), x.open()};
    store.insert(make_record("a"));
  }
  {
    test::store_client store{x.system.get(), x.open()};
    store.insert(make_record("b"));
  }
  auto key = x.key_with("00000002-");
  while (key.find("-B") == std::string::npos)
    key = x.records->all().upper_bound(key)->first;
  auto body = x.records->all()[key];
  body.back() ^= 1;
  x.records->set(key, body);
  test::store_client store{x.system.get(), x.open()};
  CHECK(store.try_find({"default", "a"}));
  CHECK(store.try_find({"default", "b"}));
}

TEST_CASE("a damaged store is refused, and nothing is changed") {
  test::kvs_fixture x;
  {
    test::store_client store{x.system.get(), x.open()};
    store.insert(make_record("a"));
  }
  SECTION("a record of the journal") {
    x.records->set(x.key_with("-J"), "nonsense");
  }
  SECTION("the only base") {
    x.records->erase(x.key_with("-B"));
  }
  SECTION("who had it") {
    x.records->erase("STATE-LOCK");
  }
  SECTION("what it is about") {
    x.records->erase(x.key_with("HEAD-"));
  }
  auto before = x.records->all();
  CHECK(x.problem() == ec::store_corrupt);
  CHECK(x.records->all() == before);
}

TEST_CASE("a store of a newer version is refused, and nothing is changed") {
  test::kvs_fixture x;
  test::store_client{x.system.get(), x.open()}.insert(make_record("a"));
  auto body = x.records->all()["STATE-LOCK"];
  body.replace(body.find(" 1 "), 3, " 2 ");
  x.records->set("STATE-LOCK", body);
  auto before = x.records->all();
  CHECK(x.problem() == ec::store_newer);
  CHECK(x.records->all() == before);
}

TEST_CASE("with a key, nobody reads the records without it") {
  test::kvs_fixture x;
  x.options.encryption_key = secret{"right"};
  {
    test::store_client store{x.system.get(), x.open()};
    store.insert(make_record("secret-name"), R"({"password":"hunter2"})");
    REQUIRE(store.try_save_account({"token-a", secret{"apify_api_1"}}));
  }
  auto before = x.records->all();
  for (const auto& [key, body] : before)
    for (auto word : {"secret-name", "hunter2", "apify_api_1"})
      CHECK(body.find(word) == std::string::npos);
  for (auto wrong : {"wrong", ""}) {
    x.options.encryption_key = secret{wrong};
    CHECK(x.problem() == ec::wrong_key);
    CHECK(x.records->all() == before);
  }
  x.options.encryption_key = secret{"right"};
  test::store_client store{x.system.get(), x.open()};
  CHECK(store.try_find({"default", "secret-name"}));
  CHECK(store.try_accounts()->accounts.at(0).token.reveal() == "apify_api_1");
}

TEST_CASE("a key for a store without one is refused") {
  test::kvs_fixture x;
  test::store_client{x.system.get(), x.open()}.insert(make_record("a"));
  x.options.encryption_key = secret{"new"};
  CHECK(x.problem() == ec::wrong_key);
}

TEST_CASE("without a key no token is kept") {
  test::kvs_fixture x;
  test::store_client store{x.system.get(), x.open()};
  CHECK(code_of(store.try_save_account({"a", secret{"t"}}).error())
        == ec::bad_config);
}

TEST_CASE("a copy that was taken over announces nothing any more") {
  test::kvs_fixture x;
  test::store_client old{x.system.get(), x.open()};
  auto run = old.insert(make_record("a")).record;
  test::store_client fresh{x.system.get(), x.open()};
  CHECK(code_of(old.try_save(in_state(run, run_state::starting)).error())
        == ec::store_locked);
  CHECK(fresh.try_find({"default", "a"})->view.state == run_state::queued);
  fresh.save(in_state(run, run_state::running));
  fresh.stop();
  // What the old one has put in vain is not taken for anything.
  test::store_client last{x.system.get(), x.open()};
  CHECK(last.try_find({"default", "a"})->view.state == run_state::running);
}

TEST_CASE("what is announced while another copy opens the store is not lost") {
  test::kvs_fixture x;
  test::store_client old{x.system.get(), x.open()};
  auto run = old.insert(make_record("a")).record;
  // Its own, since the other one waits for this test.
  auto shared = x.options.storage;
  x.options.storage = x.system.get().spawn(test::fake_storage, x.records);
  std::atomic<bool> is_first = true;
  x.records->before_put = [&](const std::string& key) -> caf::error {
    // The new copy has read everything and is about to put LOCK.
    if (key == "STATE-LOCK" && is_first.exchange(false))
      old.save(in_state(run, run_state::starting));
    return {};
  };
  test::store_client fresh{x.system.get(), x.open()};
  CHECK(fresh.try_find({"default", "a"})->view.state == run_state::starting);
  old.stop();
  caf::anon_send_exit(shared, caf::exit_reason::user_shutdown);
}

TEST_CASE("while the platform fails nobody is answered, and then everybody") {
  test::kvs_fixture x;
  test::store_client store{x.system.get(), x.open()};
  std::atomic<int> failures = 1;
  x.records->before_put = [&](const std::string&) -> caf::error {
    if (failures-- > 0)
      return make_error(ec::answer_lost, "no answer");
    return {};
  };
  CHECK(!store.insert(make_record("a")).joined);
  CHECK(store.try_check());
}

TEST_CASE("a platform that refuses for good ends the store") {
  test::kvs_fixture x;
  test::store_client store{x.system.get(), x.open()};
  x.records->before_put
    = [](const std::string&) { return make_error(ec::forbidden, "no"); };
  CHECK(code_of(store.try_insert({{make_record("a"), {}}}).error())
        == ec::store_failed);
  x.records->before_put = nullptr;
  CHECK_FALSE(store.try_check());
}

TEST_CASE("a prefix that no key can have is refused") {
  test::kvs_fixture x;
  for (auto prefix : {"", "a/b", "ä"}) {
    x.options.prefix = prefix;
    CHECK(x.problem() == ec::bad_config);
  }
}
