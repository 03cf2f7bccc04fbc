#include "actors/run/out_of_memory.hpp"
#include "actors/run/run_lifecycle.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::literals;

namespace {

constexpr auto noon = timestamp{1'700'000'000'000};

using step = run_lifecycle::step;

remote_run remote(remote_status status) {
  remote_run result;
  result.id = "run-1";
  result.status = status;
  result.memory = 512_MiB;
  return result;
}

remote_run killed() {
  auto result = remote(remote_status::failed);
  result.exit_code = 137;
  return result;
}

run_record request() {
  run_record record;
  record.view.name = "job";
  return record;
}

run_lifecycle running(run_record record) {
  auto life = run_lifecycle{std::move(record)};
  life.begin_start({"marker", noon});
  life.started(remote(remote_status::running));
  return life;
}

run_record
with_stuck_policy(std::uint32_t resurrections, std::uint32_t restarts) {
  auto record = request();
  record.stuck = stuck_policy{60, resurrections, restarts};
  record.stuck_resurrections = resurrections;
  record.stuck_restarts = restarts;
  return record;
}

} // namespace

TEST_CASE("exit code 137 means that the memory was not enough") {
  CHECK(ran_out_of_memory(killed()));
  CHECK_FALSE(ran_out_of_memory(remote(remote_status::failed)));
}

TEST_CASE("an Apify actor may say that its memory was not enough") {
  auto x = remote(remote_status::failed);
  x.status_message = "FATAL: JavaScript heap out of memory";
  CHECK(ran_out_of_memory(x));
}

TEST_CASE("a run that was aborted did not run out of memory") {
  auto x = remote(remote_status::aborted);
  x.exit_code = 137;
  CHECK_FALSE(ran_out_of_memory(x));
}

TEST_CASE("a run that ran out of memory is tried again with twice as much") {
  auto record = request();
  record.max_memory = 2048_MiB;
  auto life = running(record);
  CHECK_FALSE(life.ended(killed(), noon, {}));
  CHECK(life.next() == step::start);
  CHECK(life.record().options.memory == 1024_MiB);
  CHECK(to_queued(life.record()).memory == 1024_MiB);
}

TEST_CASE("memory is not raised above its limit") {
  auto record = request();
  record.max_memory = 512_MiB;
  auto life = running(record);
  CHECK(life.ended(killed(), noon, {}));
}

TEST_CASE("memory is not raised for a run that fails otherwise") {
  auto record = request();
  record.max_memory = 2048_MiB;
  auto life = running(record);
  CHECK(life.ended(remote(remote_status::failed), noon, {}));
}

TEST_CASE("a stuck run is resurrected, then started anew, then given up") {
  auto life = running(with_stuck_policy(1, 1));
  CHECK(life.found_stuck() == stuck_step::resurrect);
  CHECK_FALSE(life.ended(remote(remote_status::aborted), noon, {}));
  CHECK(life.next() == step::resurrect);
  life.resurrected(remote(remote_status::running));

  CHECK(life.found_stuck() == stuck_step::restart);
  CHECK_FALSE(life.ended(remote(remote_status::aborted), noon, {}));
  CHECK(life.next() == step::start);
  life.begin_start({"second", noon});
  life.started(remote(remote_status::running));

  CHECK(life.found_stuck() == stuck_step::give_up);
  CHECK(life.ended(remote(remote_status::aborted), noon, {}));
  CHECK(life.record().view.error->type == "run-stuck");
  CHECK(life.record().view.attempts[0].stuck == 2);
  CHECK(life.record().view.attempts[1].stuck == 1);
}

TEST_CASE("a stuck run that succeeds while it is aborted has succeeded") {
  auto life = running(with_stuck_policy(1, 0));
  life.found_stuck();
  CHECK(life.ended(remote(remote_status::succeeded), noon, {}));
  CHECK(succeeded(life.record().view));
}

TEST_CASE("a stuck run that a user aborts is not tried again") {
  auto life = running(with_stuck_policy(1, 1));
  life.found_stuck();
  life.abort_requested();
  CHECK(life.ended(remote(remote_status::aborted), noon, {}));
}

TEST_CASE("what a stuck run was found to be is durable") {
  auto life = running(with_stuck_policy(1, 1));
  life.found_stuck();
  auto again = run_lifecycle{life.record()};
  CHECK(again.next() == step::watch);
  CHECK(again.record().stuck_next == stuck_step::resurrect);
}

TEST_CASE("migrations, reboots and restarts are counted") {
  auto life = running(request());
  auto end = remote(remote_status::succeeded);
  end.migration_count = 2;
  end.reboot_count = 3;
  end.restart_count = 4;
  life.ended(end, noon, {});
  const auto& attempt = life.record().view.attempts[0];
  CHECK(attempt.migrations == 2);
  CHECK(attempt.reboots == 3);
  CHECK(attempt.restarts == 4);
  CHECK(attempt.memory == 512_MiB);
}
