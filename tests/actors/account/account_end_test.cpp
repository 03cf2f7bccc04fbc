#include "tests/actors/account/account_fixture.hpp"

using namespace orc;
using namespace orc::literals;
using namespace std::chrono_literals;

using fixture = test::account_fixture;

TEST_CASE_METHOD(fixture, "a RUN that dies gives back and is taken up again") {
  start_account();
  enqueue(1, 1, 8192_MiB);
  enqueue(2, 1);
  kill(runs->runs.at({1}));
  CHECK(runs->spawned == keys{1, 2});
  advance(1s);
  CHECK(runs->spawned == keys{1, 2, 1});
  CHECK(view().memory_held == 9216_MiB);
}

TEST_CASE_METHOD(fixture, "a RUN that ended may die") {
  start_account();
  enqueue(1, 1);
  tell(account, run_ended{{1}});
  kill(runs->runs.at({1}));
  advance(2s);
  CHECK(runs->spawned == keys{1});
}

TEST_CASE_METHOD(fixture, "the abort of a live run goes to its RUN") {
  start_account();
  enqueue(1, 1);
  auto answer = ask<orc::run>(account, abort_run{{1}, false});
  CHECK(answer.response().state == run_state::cancelled);
  CHECK(runs->aborted == keys{1});
  CHECK(runs->spawned == keys{1});
}

TEST_CASE_METHOD(fixture,
                 "the abort of a queued run takes it out of the queue") {
  start_account();
  enqueue(1, 10);
  auto answer = ask<orc::run>(account, abort_run{{9}, false});
  CHECK(!answer.waits());
  CHECK(runs->aborted == keys{9});
  CHECK(view().memory_held == 8192_MiB);
  tell(account, run_ended{{9}});
  tell(account, run_ended{{1}});
  CHECK(runs->spawned == keys{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
}

TEST_CASE_METHOD(fixture, "the abort of an unknown run fails") {
  start_account();
  auto answer = ask<orc::run>(account, abort_run{{1}, false});
  CHECK(answer.error() == ec::unknown_run);
}

TEST_CASE_METHOD(fixture, "an abort reaches a run whose RUN has just died") {
  start_account();
  enqueue(1, 1);
  kill(runs->runs.at({1}));
  auto answer = ask<orc::run>(account, abort_run{{1}, false});
  CHECK(!answer.waits());
  CHECK(runs->aborted == keys{1});
  CHECK(runs->spawned == keys{1, 1});
}

TEST_CASE_METHOD(fixture, "a run queued anew before its end was heard starts") {
  start_account();
  enqueue(1, 1);
  enqueue(1, 1);
  CHECK(runs->spawned == keys{1});
  tell(account, run_ended{{1}});
  CHECK(runs->spawned == keys{1, 1});
}

TEST_CASE_METHOD(fixture, "a stopped account starts nothing") {
  start_account();
  enqueue(1, 1);
  auto answer = ask<account_stopped>(account, stop_account{false});
  CHECK(answer.response().aborted == 0);
  enqueue(2, 1);
  tell(account, run_ended{{1}});
  CHECK(runs->spawned == keys{1});
  CHECK(runs->aborted.empty());
}

TEST_CASE_METHOD(fixture, "a stop with abort waits for the end of all runs") {
  start_account();
  enqueue(1, 2);
  auto answer = ask<account_stopped>(account, stop_account{true});
  CHECK(runs->aborted.size() == 2);
  tell(account, run_ended{{1}});
  CHECK(answer.waits());
  tell(account, run_ended{{2}});
  CHECK(answer.response().aborted == 2);
}

TEST_CASE_METHOD(fixture,
                 "a stop with abort waits a minute at most, and counts "
                 "what has ended") {
  start_account();
  enqueue(1, 1);
  auto answer = ask<account_stopped>(account, stop_account{true});
  advance(59s);
  CHECK(answer.waits());
  advance(1s);
  CHECK(answer.response().aborted == 0);
}

TEST_CASE_METHOD(fixture, "a stop with abort aborts a run whose RUN dies") {
  start_account();
  enqueue(1, 1);
  auto answer = ask<account_stopped>(account, stop_account{true});
  kill(runs->runs.at({1}));
  CHECK(answer.waits());
  advance(1s);
  CHECK(runs->aborted == keys{1, 1});
}

TEST_CASE_METHOD(fixture, "RUNs end with their ACCOUNT") {
  start_account();
  enqueue(1, 1);
  kill(account);
  auto answer = ask<orc::run>(runs->runs.at({1}), abort_run{{1}, false});
  CHECK(!answer.waits());
  CHECK(runs->aborted.empty());
}
