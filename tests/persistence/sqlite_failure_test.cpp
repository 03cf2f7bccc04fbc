#include "tests/persistence/sqlite_fixture.hpp"

#include <caf/scoped_actor.hpp>
#include <sys/resource.h>

#include <chrono>
#include <csignal>

using namespace orc;
using namespace std::chrono_literals;
using test::make_record;

namespace {

/// Lets no file of this process grow beyond some bytes, as a full disk would.
class full_disk {
public:
  explicit full_disk(rlim_t limit) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    auto tight = before_;
    tight.rlim_cur = limit;
    ::setrlimit(RLIMIT_FSIZE, &tight);
  }

  full_disk(const full_disk&) = delete;

  full_disk& operator=(const full_disk&) = delete;

  ~full_disk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
  }

private:
  rlimit before_{};
};

struct fixture : test::sqlite_fixture {
  /// @returns the error of each of some big saves while the disk is full.
  std::vector<caf::error>
  save_on_full_disk(test::store_client& store, const run_record& run) {
    auto big = test::in_state(run, run_state::running);
    big.view.reason = std::string(50'000, 'x');
    full_disk disk{1'000};
    return store.save_all({big, big, big});
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "a full disk fails every write that needed it") {
  auto& store = open();
  auto run = store.insert(make_record("run")).record;
  for (const auto& problem : save_on_full_disk(store, run))
    CHECK(code_of(problem) == ec::store_failed);
}

TEST_CASE_METHOD(fixture, "a write that failed left nothing behind") {
  auto& store = open();
  auto run = store.insert(make_record("run")).record;
  save_on_full_disk(store, run);
  CHECK(store.try_load(run.key)->record.view.state == run_state::queued);
  CHECK(store.totals().states.count("running") == 0);
}

TEST_CASE_METHOD(fixture, "who only reads is answered while others fail") {
  auto& store = open();
  auto run = store.insert(make_record("run")).record;
  auto big = test::in_state(run, run_state::running);
  big.view.reason = std::string(50'000, 'x');
  full_disk disk{1'000};
  caf::scoped_actor self{system.get()};
  // Both wait before the store takes the first: one transaction has them.
  self->send(store.handle(), save_run{big, {}});
  self->request(store.handle(), 10s, load_run{run.key})
    .receive(
      [](const loaded_run& x) {
        CHECK(x.record.view.state == run_state::queued);
      },
      [](const caf::error& err) { FAIL(message_of(err)); });
}

TEST_CASE_METHOD(fixture, "a store goes on when the disk has room again") {
  auto& store = open();
  auto run = store.insert(make_record("run")).record;
  save_on_full_disk(store, run);
  store.save(test::in_state(run, run_state::starting));
  CHECK(open().try_load(run.key)->record.view.state == run_state::starting);
}

TEST_CASE_METHOD(fixture, "a store that cannot be written says so when asked") {
  auto& store = open();
  REQUIRE(store.try_check());
  full_disk disk{1'000};
  auto health = store.try_check();
  REQUIRE(!health);
  CHECK(code_of(health.error()) == ec::store_failed);
}

TEST_CASE_METHOD(fixture, "a new store on a full disk is refused") {
  full_disk disk{1'000};
  auto store = try_open();
  REQUIRE(!store);
  CHECK(code_of(store.error()) == ec::store_failed);
}

TEST_CASE_METHOD(fixture, "a record that cannot be read is a damage") {
  auto run = open().insert(make_record("run")).record;
  close();
  data.execute("UPDATE runs SET record='{}'");
  auto& store = open();
  auto problem = store.try_load(run.key).error();
  CHECK(code_of(problem) == ec::store_corrupt);
  CHECK(message_of(problem).find("run 1") != std::string::npos);
}
