#include "actors/run/rejoin.hpp"
#include "actors/run/run.hpp"
#include "persistence/memory/run_store.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/scripted_api.hpp"

#include <caf/sec.hpp>

#include <set>

using namespace orc;
using namespace orc::literals;
using namespace std::chrono_literals;

namespace {

/// What the neighbours of a RUN were told.
struct told {
  std::vector<std::string> watched;
  std::vector<find_remote_run> lost;
  std::vector<run_returned> returned;
  std::vector<event_kind> events;
  std::optional<run> finished;
  int ended = 0;
};

using told_ptr = std::shared_ptr<told>;

tracker_actor::behavior_type tracker_mock(tracker_actor::pointer, told_ptr x) {
  return {
    [x](const watch_remote_run& y) { x->watched.push_back(y.id); },
    [](const unwatch_remote_run&) {},
  };
}

reconciler_actor::behavior_type
reconciler_mock(reconciler_actor::pointer, told_ptr x) {
  return {[x](const find_remote_run& y) { x->lost.push_back(y); }};
}

item_counter_actor::behavior_type counter_mock(item_counter_actor::pointer) {
  return {[](const count_dataset&) { return dataset_count{42}; }};
}

events_actor::behavior_type events_mock(events_actor::pointer, told_ptr x) {
  return {
    [x](const publish_event& y) { x->events.push_back(y.kind); },
    [](const subscribe_events&) {},
  };
}

account_actor::behavior_type account_mock(account_actor::pointer, told_ptr x) {
  return {
    [](const enqueue_runs&) {},
    [](const resume_runs&) {},
    [](const abort_run&) { return run{}; },
    [](const run_started&) {},
    [x](const run_returned& y) { x->returned.push_back(y); },
    [x](const run_ended&) { ++x->ended; },
    [](const budget_opened&) {},
    [](const explain_wait&) { return wait_reason{}; },
    [](get_account) { return account_view{}; },
    [](const stop_account&) { return account_stopped{}; },
  };
}

orchestrator_actor::behavior_type
orchestrator_mock(orchestrator_actor::pointer, told_ptr x) {
  return {
    [](const submit_runs&) { return submitted_runs{}; },
    [](const get_run&) { return run{}; },
    [](const wait_run&) { return run{}; },
    [](const list_runs&) { return run_page{}; },
    [](const abort_named_run&) { return run{}; },
    [](const abort_runs&) { return aborted_runs{}; },
    [](const get_report&) { return report{}; },
    [](get_accounts) { return account_views{}; },
    [](const read_items&) { return items_page{}; },
    [](get_readiness) { return readiness{}; },
    [](get_budgets) { return budget_views{}; },
    [](const set_budget&) { return budget_view{}; },
    [x](const run_finished& y) { x->finished = y.run; },
    [](const stop_service&) { return account_stopped{}; },
  };
}

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

/// One run in a store, and a RUN that leads it.
struct fixture : test::actor_fixture {
  fixture() {
    script->start = [](const start_remote_run&) {
      return remote("run-1", remote_status::ready);
    };
    parts.store = system().spawn(memory_run_store);
    parts.api = system().spawn(test::scripted_api, script);
    parts.tracker = system().spawn(tracker_mock, told_);
    parts.reconciler = system().spawn(reconciler_mock, told_);
    parts.counter = system().spawn(counter_mock);
    parts.account = system().spawn(account_mock, told_);
    parts.events = system().spawn(events_mock, told_);
    parts.orchestrator = system().spawn(orchestrator_mock, told_);
  }

  ~fixture() {
    kill(leader);
    kill(parts.orchestrator);
    kill(parts.events);
    kill(parts.account);
    kill(parts.counter);
    kill(parts.reconciler);
    kill(parts.tracker);
    kill(parts.api);
    kill(parts.store);
  }

  static remote_run remote(const char* id, remote_status status) {
    remote_run result;
    result.id = id;
    result.status = status;
    result.dataset_id = "dataset-1";
    result.memory = 512_MiB;
    return result;
  }

  run_key insert(std::uint32_t attempts = 1) {
    new_run fresh;
    fresh.record.view.name = "job";
    fresh.record.target.id = "apify/web-scraper";
    fresh.record.max_attempts = attempts;
    fresh.input = json_text{R"({"n":1})"};
    auto answer = ask<inserted_runs>(parts.store, insert_runs{{fresh}});
    return answer.response().runs.front().record.key;
  }

  /// A run whose platform run was aborted and shall go on. The platform hides
  /// that it does until `platform` says so.
  run_key insert_aborted() {
    new_run ended;
    ended.record.view.name = "job";
    ended.record.target.id = "apify/web-scraper";
    ended.record.max_attempts = 2;
    ended.record.resurrect = true;
    ended.record.view.run_id = "run-1";
    auto& attempt = ended.record.view.attempts.emplace_back();
    attempt.number = 1;
    attempt.run_id = "run-1";
    script->get = [this](const get_remote_run&) { return platform; };
    auto answer = ask<inserted_runs>(parts.store, insert_runs{{ended}});
    return answer.response().runs.front().record.key;
  }

  void fail_resurrections(ec code) {
    script->resurrect
      = [=, this](const resurrect_remote_run&) -> caf::result<remote_run> {
      ++resurrections;
      return make_error(code, "the platform says no");
    };
  }

  void lead(run_key key) {
    run_config mine;
    mine.instance = "store";
    mine.retries = {1s, 1s};
    leader = run_actor{system().spawn(run_life, key, mine, parts)};
    run();
  }

  run_record stored() {
    auto ref = run_ref{"default", "job"};
    return ask<run_record>(parts.store, find_run{ref}).response();
  }

  /// Submits it again.
  void rejoin_stored() {
    auto record = stored();
    REQUIRE(rejoin(record, {}, false) == rejoin_outcome::requeued);
    ask<saved>(parts.store, save_run{record, {}});
  }

  void end_with(remote_status status, const char* id = "run-1") {
    tell(leader, remote_run_seen{remote(id, status)});
  }

  void fail_starts(ec code) {
    script->start = [code](const start_remote_run&) -> caf::result<remote_run> {
      return make_error(code, "the platform says no");
    };
  }

  remote_run platform = remote("run-1", remote_status::aborted);
  int resurrections = 0;
  told_ptr told_ = std::make_shared<told>();
  test::api_script_ptr script = std::make_shared<test::api_script>();
  run_parts parts;
  run_actor leader;
};

} // namespace

TEST_CASE_METHOD(fixture, "a run is started once and watched") {
  lead(insert());
  CHECK(script->starts.size() == 1);
  CHECK(script->starts[0].input.view() == R"({"n":1})");
  CHECK(told_->watched == std::vector<std::string>{"run-1"});
  CHECK(stored().view.state == run_state::running);
}

TEST_CASE_METHOD(fixture,
                 "the marker of a start names store, run and attempt") {
  lead(insert());
  CHECK(script->starts[0].marker == "store.1.1.1700000000000");
}

TEST_CASE_METHOD(fixture, "the end of a run is durable before it is told") {
  lead(insert());
  end_with(remote_status::succeeded);
  REQUIRE(told_->finished);
  CHECK(succeeded(*told_->finished));
  CHECK(told_->finished->item_count == 42);
  CHECK(stored().view.item_count == 42);
  CHECK(told_->ended == 1);
}

TEST_CASE_METHOD(fixture, "what becomes of a live run is shown, and saved only "
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

TEST_CASE_METHOD(fixture, "a start without an answer is looked for, not "
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

TEST_CASE_METHOD(fixture, "a start that did nothing is sent again with another "
                          "marker") {
  fail_starts(ec::answer_lost);
  lead(insert());
  script->server_time = *script->server_time + 31s;
  tell(leader, remote_run_found{});
  REQUIRE(script->starts.size() == 2);
  CHECK(script->starts[0].marker != script->starts[1].marker);
  CHECK(stored().view.attempts.size() == 1);
}

TEST_CASE_METHOD(fixture, "after a crash in the middle of a start the run is "
                          "looked for first") {
  fail_starts(ec::answer_lost);
  auto key = insert();
  lead(key);
  kill(leader);
  lead(key);
  CHECK(script->starts.size() == 1);
  CHECK(told_->lost.size() == 2);
}

TEST_CASE_METHOD(fixture, "a refusal for lack of room gives the run back") {
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

TEST_CASE_METHOD(fixture, "a start that could not begin gives the run back") {
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

TEST_CASE_METHOD(fixture, "a start that could not begin for good is final") {
  script->server_time = make_error(ec::forbidden, "not with this token");
  lead(insert());
  CHECK(script->starts.empty());
  REQUIRE(told_->finished);
  CHECK(told_->finished->state == run_state::refused);
}

TEST_CASE_METHOD(fixture, "a refusal for good is final and says why") {
  fail_starts(ec::invalid_input);
  lead(insert());
  REQUIRE(told_->finished);
  CHECK(told_->finished->state == run_state::refused);
  CHECK(told_->finished->error->message == "the platform says no");
}

TEST_CASE_METHOD(fixture, "a refusal comes before the start or not at all") {
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

TEST_CASE_METHOD(fixture,
                 "a run that fails goes back to the queue for its next "
                 "attempt") {
  lead(insert(2));
  end_with(remote_status::failed);
  REQUIRE(told_->returned.size() == 1);
  CHECK(told_->returned[0].run.not_before);
  CHECK_FALSE(told_->finished);
}

TEST_CASE_METHOD(fixture, "an abort reaches the platform and is remembered") {
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

TEST_CASE_METHOD(fixture, "an abort of a lost start waits for what is found") {
  fail_starts(ec::answer_lost);
  lead(insert());
  auto aborted = ask<orc::run>(leader, abort_run{run_key{1}, false});
  CHECK(script->aborted.empty());
  tell(leader, remote_run_found{remote("found", remote_status::running)});
  CHECK(script->aborted.front() == "found");
}

TEST_CASE_METHOD(fixture, "an abort of a start that did nothing cancels") {
  fail_starts(ec::answer_lost);
  lead(insert());
  auto aborted = ask<orc::run>(leader, abort_run{run_key{1}, false});
  tell(leader, remote_run_found{});
  CHECK(told_->finished->state == run_state::cancelled);
  CHECK(script->starts.size() == 1);
}

TEST_CASE_METHOD(fixture, "a resurrection without an answer is looked for, not "
                          "repeated") {
  fail_resurrections(ec::answer_lost);
  lead(insert_aborted());
  advance(1s);
  advance(1s);
  CHECK(resurrections == 1);
  platform = remote("run-1", remote_status::running);
  advance(1s);
  CHECK(told_->watched == std::vector<std::string>{"run-1"});
  CHECK(script->starts.empty());
}

TEST_CASE_METHOD(fixture, "a resurrection that nobody sees in its window is "
                          "asked for again") {
  fail_resurrections(ec::answer_lost);
  lead(insert_aborted());
  for (int i = 0; i < 30; ++i)
    advance(1s);
  CHECK(resurrections == 2);
  CHECK(script->starts.empty());
}

TEST_CASE_METHOD(fixture, "a resurrection is refused to what goes on already") {
  fail_resurrections(ec::invalid_input);
  lead(insert_aborted());
  advance(1s);
  platform.resurrect_count = 1;
  advance(1s);
  CHECK(told_->watched == std::vector<std::string>{"run-1"});
  CHECK(script->starts.empty());
}

TEST_CASE_METHOD(fixture, "what cannot be resurrected is started anew, though "
                          "not at once") {
  fail_resurrections(ec::invalid_input);
  lead(insert_aborted());
  for (int i = 0; i < 29; ++i)
    advance(1s);
  CHECK(script->starts.empty());
  advance(1s);
  CHECK(script->starts.size() == 1);
  CHECK(resurrections == 1);
}

TEST_CASE_METHOD(fixture, "nothing is started while nobody can tell whether a "
                          "resurrected run goes on") {
  fail_resurrections(ec::answer_lost);
  auto key = insert_aborted();
  lead(key);
  script->get = [](const get_remote_run&) -> caf::result<remote_run> {
    return make_error(ec::forbidden, "a proxy says no");
  };
  for (int i = 0; i < 60; ++i)
    advance(1s);
  CHECK(script->starts.empty());
}

TEST_CASE_METHOD(fixture, "a start that was given up on is looked for when the "
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

TEST_CASE_METHOD(fixture, "a start that was given up on and did nothing is "
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

TEST_CASE_METHOD(fixture, "a start that the platform refused leaves nothing to "
                          "look for") {
  fail_starts(ec::invalid_input);
  lead(insert());
  CHECK_FALSE(stored().intent);
}

TEST_CASE_METHOD(fixture, "a run that the platform forgot is lost") {
  lead(insert());
  tell(leader, remote_run_gone{"run-1"});
  CHECK(told_->finished->state == run_state::lost);
}

TEST_CASE_METHOD(fixture, "a run that takes over a finished one changes "
                          "nothing") {
  auto key = insert();
  lead(key);
  end_with(remote_status::succeeded);
  told_->finished.reset();
  lead(key);
  CHECK(script->starts.size() == 1);
  CHECK(told_->ended == 2);
}

TEST_CASE_METHOD(fixture, "a RUN that was overtaken steps back") {
  lead(insert());
  auto record = stored();
  record.revision += 10;
  ask<saved>(parts.store, save_run{record, {}});
  end_with(remote_status::succeeded);
  CHECK_FALSE(told_->finished);
  CHECK(stored().view.state == run_state::running);
}

TEST_CASE_METHOD(fixture, "a RUN that cannot be read now is read again") {
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

TEST_CASE_METHOD(fixture, "a RUN ends with its store") {
  lead(insert());
  kill(parts.store);
  end_with(remote_status::succeeded);
  // To ask again and again would hold up the end of the process for ever.
  auto late = ask<orc::run>(leader, abort_run{});
  CHECK(late.error() == caf::sec::request_receiver_down);
}

TEST_CASE_METHOD(fixture,
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
