#include "tests/actors/run/run_world.hpp"

#include <caf/sec.hpp>

using namespace orc;
using namespace orc::literals;
using namespace std::chrono_literals;
using test::run_world;

namespace {

/// What stands before a store and fails to read some times.
caf::behavior
store_that_cannot_read(caf::event_based_actor* self, const caf::actor& store,
                       const std::shared_ptr<int>& fails) {
  return {
    [=](const load_run& x) -> caf::result<loaded_run> {
      if ((*fails)-- > 0)
        return make_error(ec::store_failed, "the disk gives nothing");
      return self->delegate(caf::actor_cast<run_store_actor>(store), x);
    },
    [=](const save_run& x) {
      return self->delegate(caf::actor_cast<run_store_actor>(store), x);
    },
  };
}

} // namespace

TEST_CASE_METHOD(run_world, "a run is started once and watched") {
  lead(insert());
  CHECK(script->starts.size() == 1);
  CHECK(script->starts[0].input.view() == R"({"n":1})");
  CHECK(told_->watched == std::vector<std::string>{"run-1"});
  CHECK(stored().view.state == run_state::running);
}

TEST_CASE_METHOD(run_world, "the end of a run is durable before it is told") {
  lead(insert());
  end_with(remote_status::succeeded);
  REQUIRE(told_->finished);
  CHECK(succeeded(*told_->finished));
  CHECK(told_->finished->item_count == 42);
  CHECK(stored().view.item_count == 42);
  CHECK(told_->ended == 1);
}

TEST_CASE_METHOD(run_world,
                 "what becomes of a live run is shown, and saved only "
                 "when it is new") {
  lead(insert());
  CHECK(stored().view.status == remote_status::ready);
  end_with(remote_status::running);
  auto saved = stored();
  CHECK(saved.view.status == remote_status::running);
  end_with(remote_status::ready);
  end_with(remote_status::running);
  CHECK(stored().revision == saved.revision);
  auto said = remote("run-1", remote_status::running);
  said.status_message = "page 7";
  tell(leader, remote_run_seen{said});
  CHECK(stored().view.reason == "page 7");
  end_with(remote_status::aborting);
  CHECK(stored().view.status == remote_status::aborting);
  CHECK(stored().view.state == run_state::running);
}

TEST_CASE_METHOD(run_world,
                 "a run that fails goes back to the queue for its next "
                 "attempt") {
  lead(insert(2));
  end_with(remote_status::failed);
  REQUIRE(told_->returned.size() == 1);
  CHECK(told_->returned[0].run.not_before);
  CHECK_FALSE(told_->finished);
}

TEST_CASE_METHOD(run_world, "an abort reaches the platform and is remembered") {
  script->abort = [](const abort_remote_run& x) {
    return remote(x.id.c_str(), remote_status::aborting);
  };
  lead(insert(3));
  auto aborted = ask<orc::run>(leader, abort_run{run_key{1}, false});
  CHECK_FALSE(aborted.waits());
  CHECK(script->aborted == std::vector<std::string>{"run-1"});
  CHECK(stored().abort_requested);
  end_with(remote_status::aborted);
  CHECK(told_->finished->status == remote_status::aborted);
}

TEST_CASE_METHOD(run_world,
                 "an abort of a lost start waits for what is found") {
  fail_starts(ec::answer_lost);
  lead(insert());
  auto aborted = ask<orc::run>(leader, abort_run{run_key{1}, false});
  CHECK(script->aborted.empty());
  tell(leader, remote_run_found{remote("found", remote_status::running)});
  CHECK(script->aborted.front() == "found");
}

TEST_CASE_METHOD(run_world, "an abort of a start that did nothing cancels") {
  fail_starts(ec::answer_lost);
  lead(insert());
  auto aborted = ask<orc::run>(leader, abort_run{run_key{1}, false});
  tell(leader, remote_run_found{});
  CHECK(told_->finished->state == run_state::cancelled);
  CHECK(script->starts.size() == 1);
}

TEST_CASE_METHOD(run_world, "a run that the platform forgot is lost") {
  lead(insert());
  tell(leader, remote_run_gone{"run-1"});
  CHECK(told_->finished->state == run_state::lost);
}

TEST_CASE_METHOD(run_world, "a run that takes over a finished one changes "
                            "nothing") {
  auto key = insert();
  lead(key);
  end_with(remote_status::succeeded);
  told_->finished.reset();
  lead(key);
  CHECK(script->starts.size() == 1);
  CHECK(told_->ended == 2);
}

TEST_CASE_METHOD(run_world, "a RUN that was overtaken steps back") {
  lead(insert());
  auto record = stored();
  record.revision += 10;
  ask<saved>(parts.store, save_run{record, {}});
  end_with(remote_status::succeeded);
  CHECK_FALSE(told_->finished);
  CHECK(stored().view.state == run_state::running);
}

TEST_CASE_METHOD(run_world, "a RUN that cannot be read now is read again") {
  auto key = insert();
  auto good = parts.store;
  parts.store = caf::actor_cast<run_store_actor>(
    system().spawn(store_that_cannot_read, caf::actor_cast<caf::actor>(good),
                   std::make_shared<int>(2)));
  lead(key);
  advance(1s);
  CHECK(script->starts.empty());
  advance(1s);
  CHECK(script->starts.size() == 1);
  CHECK(told_->ended == 0);
  kill(std::exchange(parts.store, good));
}

TEST_CASE_METHOD(run_world, "a RUN ends with its store") {
  lead(insert());
  kill(parts.store);
  end_with(remote_status::succeeded);
  // To ask again and again would hold up the end of the process for ever.
  auto late = ask<orc::run>(leader, abort_run{});
  CHECK(late.error() == caf::sec::request_receiver_down);
}

TEST_CASE_METHOD(run_world,
                 "a platform run that is bound elsewhere is not taken") {
  new_run other;
  other.record.view.name = "other";
  ask<inserted_runs>(parts.store, insert_runs{{other}});
  auto ref = run_ref{"default", "other"};
  auto record = ask<run_record>(parts.store, find_run{ref}).response();
  ++record.revision;
  record.view.attempts.emplace_back().run_id = "run-1";
  ask<saved>(parts.store, save_run{record, {}});
  lead(insert());
  CHECK(told_->watched.empty());
  CHECK(told_->lost.size() == 1);
  CHECK(stored().view.state == run_state::starting);
}
