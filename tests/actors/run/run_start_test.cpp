#include "actors/run/rejoin.hpp"
#include "tests/actors/run/run_world.hpp"

using namespace orc;
using namespace orc::literals;
using namespace std::chrono_literals;
using test::run_world;

namespace {

struct start_fixture : run_world {
  /// Submits it again.
  void rejoin_stored() {
    auto record = stored();
    REQUIRE(rejoin(record, {}, false) == rejoin_outcome::requeued);
    ask<saved>(parts.store, save_run{record, {}});
  }
};

} // namespace

TEST_CASE_METHOD(start_fixture,
                 "the marker of a start names store, run and attempt") {
  lead(insert());
  CHECK(script->starts[0].marker == "store.1.1.1700000000000");
}

TEST_CASE_METHOD(start_fixture, "a start without an answer is looked for, not "
                                "repeated") {
  fail_starts(ec::answer_lost);
  lead(insert());
  CHECK(script->starts.size() == 1);
  REQUIRE(told_->lost.size() == 1);
  CHECK(told_->lost[0].intent.marker == script->starts[0].marker);
  CHECK(stored().view.state == run_state::starting);
  tell(leader, remote_run_found{remote("found", remote_status::running)});
  CHECK(script->starts.size() == 1);
  CHECK(stored().view.run_id == "found");
}

TEST_CASE_METHOD(start_fixture,
                 "a start that did nothing is sent again with another "
                 "marker") {
  fail_starts(ec::answer_lost);
  lead(insert());
  script->server_time = *script->server_time + 31s;
  tell(leader, remote_run_found{});
  REQUIRE(script->starts.size() == 2);
  CHECK(script->starts[0].marker != script->starts[1].marker);
  CHECK(stored().view.attempts.size() == 1);
}

TEST_CASE_METHOD(start_fixture,
                 "after a crash in the middle of a start the run is "
                 "looked for first") {
  fail_starts(ec::answer_lost);
  auto key = insert();
  lead(key);
  kill(leader);
  lead(key);
  CHECK(script->starts.size() == 1);
  CHECK(told_->lost.size() == 2);
}

TEST_CASE_METHOD(start_fixture,
                 "a refusal for lack of room gives the run back") {
  for (auto code : {ec::memory_refused, ec::slots_refused, ec::rate_limited,
                    ec::not_sent}) {
    told_->returned.clear();
    fail_starts(code);
    lead(told_->events.empty() ? insert() : run_key{1});
    REQUIRE(told_->returned.size() == 1);
    CHECK(told_->returned[0].why == code);
    CHECK(stored().view.state == run_state::queued);
    CHECK(stored().view.attempts.empty());
  }
}

TEST_CASE_METHOD(start_fixture,
                 "a start that could not begin gives the run back") {
  auto api_is_gone = GENERATE(true, false);
  if (api_is_gone)
    kill(parts.api);
  else
    script->server_time = make_error(ec::timed_out, "the clock stands");
  lead(insert());
  REQUIRE(told_->returned.size() == 1);
  CHECK(told_->returned[0].why == ec::not_sent);
  CHECK(told_->lost.empty());
  CHECK(stored().view.state == run_state::queued);
  CHECK(stored().view.attempts.empty());
}

TEST_CASE_METHOD(start_fixture,
                 "a start that could not begin for good is final") {
  script->server_time = make_error(ec::forbidden, "not with this token");
  lead(insert());
  CHECK(script->starts.empty());
  REQUIRE(told_->finished);
  CHECK(told_->finished->state == run_state::refused);
}

TEST_CASE_METHOD(start_fixture, "a refusal for good is final and says why") {
  fail_starts(ec::invalid_input);
  lead(insert());
  REQUIRE(told_->finished);
  CHECK(told_->finished->state == run_state::refused);
  CHECK(told_->finished->error->message == "the platform says no");
}

TEST_CASE_METHOD(start_fixture,
                 "a refusal comes before the start or not at all") {
  auto steps = GENERATE(range(0, 12));
  auto key = insert();
  leader = run_actor{system().spawn(run_life, key, run_config{}, parts)};
  for (int i = 0; i < steps; ++i)
    take_step();
  tell(leader, refuse_run{key, ec::memory_exceeds_account, "it never fits"});
  auto state = stored().view.state;
  CHECK(state
        == (script->starts.empty() ? run_state::refused : run_state::running));
  CHECK(told_->finished.has_value() == (state == run_state::refused));
}

TEST_CASE_METHOD(start_fixture,
                 "a start that was given up on is looked for when the "
                 "run is wanted again") {
  fail_starts(ec::answer_lost);
  auto key = insert();
  lead(key);
  tell(leader, refuse_run{key, ec::answer_lost, "the token may not list runs"});
  CHECK(stored().view.state == run_state::refused);
  CHECK(stored().view.attempts.empty());
  rejoin_stored();
  lead(key);
  CHECK(script->starts.size() == 1);
  REQUIRE(told_->lost.size() == 2);
  CHECK(told_->lost[1].intent == told_->lost[0].intent);
  tell(leader, remote_run_found{remote("found", remote_status::running)});
  CHECK(stored().view.run_id == "found");
}

TEST_CASE_METHOD(start_fixture,
                 "a start that was given up on and did nothing is "
                 "sent again") {
  fail_starts(ec::answer_lost);
  auto key = insert();
  lead(key);
  tell(leader, refuse_run{key, ec::answer_lost, "the token may not list runs"});
  rejoin_stored();
  lead(key);
  tell(leader, remote_run_found{});
  CHECK(script->starts.size() == 2);
}

TEST_CASE_METHOD(start_fixture,
                 "a start that the platform refused leaves nothing to "
                 "look for") {
  fail_starts(ec::invalid_input);
  lead(insert());
  CHECK_FALSE(stored().intent);
}
