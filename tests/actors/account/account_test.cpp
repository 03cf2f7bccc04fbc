#include "tests/actors/account/account_fixture.hpp"

using namespace orc;
using namespace orc::literals;
using namespace std::chrono_literals;

using fixture = test::account_fixture;

TEST_CASE_METHOD(fixture, "an account makes a RUN for each run that fits") {
  start_account();
  enqueue(1, 10);
  CHECK(runs->spawned == keys{1, 2, 3, 4, 5, 6, 7, 8});
}

TEST_CASE_METHOD(fixture, "without limits few runs are tried at first") {
  platform->limits.reset();
  platform->error = ec::answer_lost;
  start_account();
  enqueue(1, 10, 128_MiB);
  CHECK(runs->spawned == keys{1, 2, 3, 4});
  CHECK(view().limits_from == "refusals");
}

TEST_CASE_METHOD(fixture, "the end of a run wakes the queue at once") {
  start_account();
  enqueue(1, 10);
  tell(account, run_started{{1}, 1024_MiB});
  tell(account, run_ended{{1}});
  CHECK(runs->spawned.back() == 9);
}

TEST_CASE_METHOD(fixture, "a run that was refused is tried again by itself") {
  start_account();
  enqueue(1, 1);
  tell(account, run_returned{queued(1), ec::memory_refused});
  CHECK(runs->spawned == keys{1});
  CHECK(platform->limits_asked == 2);
  advance(250ms);
  CHECK(runs->spawned == keys{1, 1});
}

TEST_CASE_METHOD(fixture, "the next attempt waits as long as its RUN says, "
                          "whatever the clock on the wall did before") {
  start_account();
  enqueue(1, 1);
  advance(1h);
  auto again = queued(1);
  again.not_before = now() + 60s;
  tell(account, run_returned{again});
  advance(30s);
  CHECK(runs->spawned == keys{1});
  advance(30s);
  CHECK(runs->spawned == keys{1, 1});
}

TEST_CASE_METHOD(fixture, "a run that never fits is refused by a RUN") {
  start_account();
  enqueue(1, 1, 16384_MiB);
  REQUIRE(runs->refused.size() == 1);
  CHECK(runs->refused[0].why == ec::memory_exceeds_account);
  tell(account, run_ended{{1}});
  CHECK(view().runs_queued == 0);
  CHECK(view().runs_live == 0);
}

TEST_CASE_METHOD(fixture, "many hopeless runs are refused a few at a time") {
  start_account();
  enqueue(1, 100, 16384_MiB);
  CHECK(runs->refused.size() == 64);
  for (std::uint64_t key = 1; key <= 36; ++key)
    tell(account, run_ended{{key}});
  CHECK(runs->refused.size() == 100);
}

TEST_CASE_METHOD(fixture, "the default memory of a target is asked for once") {
  platform->target = target_defaults{4096_MiB, "id", ""};
  start_account();
  tell(account, enqueue_runs{{queued(1, std::nullopt), queued(2, std::nullopt),
                              queued(3, std::nullopt)}});
  CHECK(platform->targets_asked == 1);
  CHECK(runs->spawned == keys{1, 2});
}

TEST_CASE_METHOD(fixture, "a target that may not be read stops nothing") {
  start_account();
  tell(account, enqueue_runs{{queued(1, std::nullopt)}});
  CHECK(runs->spawned == keys{1});
  CHECK(view().memory_held == 1024_MiB);
}

TEST_CASE_METHOD(fixture, "limits are asked often only while something waits") {
  start_account();
  advance(5s);
  CHECK(platform->limits_asked == 1);
  enqueue(1, 9);
  CHECK(platform->limits_asked == 2);
  advance(5s);
  advance(5s);
  CHECK(platform->limits_asked == 4);
}

TEST_CASE_METHOD(fixture, "a platform that does not answer is asked for limits "
                          "once, and waited for a little") {
  platform->silent = true;
  start_account();
  enqueue(1, 10, 128_MiB);
  CHECK(runs->spawned.empty());
  for (auto i = 0; i < 100; ++i)
    advance(5s);
  CHECK(runs->spawned == keys{1, 2, 3, 4});
  CHECK(platform->limits_asked == 1);
}

TEST_CASE_METHOD(fixture, "limits that come too late are asked for again") {
  platform->silent = true;
  start_account();
  enqueue(1, 10, 128_MiB);
  advance(30s);
  CHECK(view().limits_from == "refusals");
  answer_late();
  CHECK(platform->limits_asked == 2);
  CHECK(view().limits_from == "platform");
  CHECK(runs->spawned.size() == 10);
}

TEST_CASE_METHOD(fixture, "a target that nobody tells of is a usual one, until "
                          "it is told of") {
  start_account();
  platform->silent = true;
  tell(account, enqueue_runs{{queued(1, std::nullopt)}});
  CHECK(runs->spawned.empty());
  advance(10s);
  CHECK(view().memory_held == 1024_MiB);

  platform->target = target_defaults{4096_MiB, "id", ""};
  answer_late();
  tell(account, enqueue_runs{{queued(2, std::nullopt)}});
  CHECK(view().memory_held == 5120_MiB);
  CHECK(platform->targets_asked == 1);
}

TEST_CASE_METHOD(fixture, "memory that others free is used") {
  platform->limits->used_memory = 8192_MiB;
  start_account();
  enqueue(1, 1);
  CHECK(runs->spawned.empty());
  platform->limits->used_memory = 0_MiB;
  advance(5s);
  CHECK(runs->spawned == keys{1});
}

TEST_CASE_METHOD(fixture, "live runs hold what they have after a restart") {
  start_account();
  run_record record;
  record.key = {1};
  record.view.state = run_state::running;
  record.view.memory = 8192_MiB;
  tell(account, resume_runs{{record}});
  enqueue(2, 1);
  CHECK(runs->resumed == keys{1});
  CHECK(runs->spawned.empty());
}

TEST_CASE_METHOD(fixture, "an account tells how it is doing") {
  platform->limits->monthly_usd = 1.5;
  start_account();
  enqueue(1, 10);
  auto x = view();
  CHECK(x.name == "main");
  CHECK(x.username == "jane");
  CHECK(x.memory_limit == 8192_MiB);
  CHECK(x.memory_held == 8192_MiB);
  CHECK(x.run_limit == 32);
  CHECK(x.runs_live == 8);
  CHECK(x.runs_queued == 2);
  CHECK(x.monthly_usage_usd == 1.5);
  CHECK(x.limits_from == "platform");
  CHECK(x.calls.calls.at("start") == 7);
}

TEST_CASE_METHOD(fixture, "an account tells why a run waits") {
  start_account();
  enqueue(1, 9);
  auto answer = ask<wait_reason>(account, explain_wait{queued(9)});
  CHECK(answer.response().text
        == "account main has 0 MiB free, run needs 1024");
}
