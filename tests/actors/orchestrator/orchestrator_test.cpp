#include "actors/event/events.hpp"
#include "actors/orchestrator/orchestrator.hpp"
#include "persistence/memory/run_store.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/scripted_api.hpp"

using namespace orc;
using namespace orc::literals;
using namespace std::chrono_literals;

namespace {

/// The whole domain on a store in memory, above a platform that ends each run
/// when the test says so.
struct fixture : test::actor_fixture {
  fixture() {
    script->start = [this](const start_remote_run&) {
      platform.push_back({});
      auto& x = platform.back();
      x.id = "run-" + std::to_string(platform.size());
      x.started_at = now();
      x.memory = 1024_MiB;
      return x;
    };
    script->get = [this](const get_remote_run& x) -> caf::result<remote_run> {
      for (const auto& run : platform)
        if (run.id == x.id)
          return run;
      return make_error(ec::not_found, "no such run");
    };
    script->abort = [this](const abort_remote_run& x) {
      end(x.id, remote_status::aborted);
      return find(x.id);
    };
    script->limits = [](const get_limits&) {
      return account_limits{4096_MiB, {}, 25, 0, {}, {}};
    };
    script->target = [](const get_target&) {
      return target_defaults{1024_MiB, "actor-1", ""};
    };
    orchestrator_settings settings;
    account_settings account;
    account.token = secret{"token-of-the-account"};
    settings.accounts = {account};
    settings.count_items = false;
    parts.store = system().spawn(memory_run_store);
    parts.events = system().spawn(events);
    parts.connect = [this](const account_settings& x) {
      connected.push_back(x.name);
      return apify_api_actor{system().spawn(test::scripted_api, script)};
    };
    front = system().spawn(orchestrator, settings, parts);
    run();
  }

  ~fixture() {
    kill(front);
    kill(parts.events);
    kill(parts.store);
  }

  /// The same store, and a new ORCHESTRATOR on it.
  void restart() {
    kill(front);
    orchestrator_settings settings;
    settings.accounts = {account_settings{}};
    settings.count_items = false;
    front = system().spawn(orchestrator, settings, parts);
    run();
  }

  remote_run& find(const std::string& id) {
    for (auto& x : platform)
      if (x.id == id)
        return x;
    throw std::out_of_range{id};
  }

  void end(const std::string& id, remote_status status) {
    find(id).status = status;
    find(id).finished_at = now();
  }

  static run_request request(const char* name) {
    run_request result;
    result.name = name;
    result.actor = "apify/web-scraper";
    return result;
  }

  auto submit(std::vector<run_request> runs) {
    return ask<submitted_runs>(front, submit_runs{std::move(runs), false});
  }

  orc::run get(const char* name) {
    return ask<orc::run>(front, get_run{{"default", name}}).response();
  }

  std::vector<remote_run> platform;
  std::vector<std::string> connected;
  test::api_script_ptr script = std::make_shared<test::api_script>();
  orchestrator_parts parts;
  orchestrator_actor front;
};

} // namespace

TEST_CASE_METHOD(fixture, "a run that is submitted is started") {
  CHECK_FALSE(submit({request("job")}).response().runs[0].joined);
  CHECK(platform.size() == 1);
  CHECK(get("job").state == run_state::running);
}

TEST_CASE_METHOD(fixture, "a name that is submitted again joins") {
  submit({request("job")});
  CHECK(submit({request("job")}).response().runs[0].joined);
  CHECK(platform.size() == 1);
}

TEST_CASE_METHOD(fixture, "a round trip tells of the store and what waits") {
  submit(
    {request("a"), request("b"), request("c"), request("d"), request("e")});
  auto whom = caf::actor_cast<health_actor>(front);
  auto found = ask<health>(whom, check_health{}).response();
  CHECK(found.ready);
  CHECK(found.answering);
  CHECK(found.store.writable);
  CHECK(found.backlog.live == 4);
  CHECK(found.backlog.queued == 1);
}

TEST_CASE_METHOD(fixture, "a reload changes caps, and keeps what has gone") {
  submit(
    {request("a"), request("b"), request("c"), request("d"), request("e")});
  auto whom = caf::actor_cast<reloading_actor>(front);
  account_settings capped;
  capped.token = secret{"token-of-the-account"};
  capped.max_runs = 2;
  auto done = ask<reloaded>(whom, reload_settings{{capped}, {}}).response();
  CHECK(done.kept.empty());
  end("run-1", remote_status::succeeded);
  advance(2s);
  CHECK(platform.size() == 4);
  account_settings other;
  other.name = "other";
  other.token = secret{"other"};
  done = ask<reloaded>(whom, reload_settings{{other}, {}}).response();
  REQUIRE(done.kept.size() == 1);
  CHECK(done.kept[0].find("`default` stays until a restart")
        != std::string::npos);
  CHECK(connected.back() == "other");
}

TEST_CASE_METHOD(fixture, "whoever waits is answered when the run ends") {
  submit({request("job")});
  auto waiter = ask<orc::run>(front, wait_run{{"default", "job"}, 60s});
  CHECK(waiter.waits());
  end("run-1", remote_status::succeeded);
  advance(2s);
  CHECK(succeeded(waiter.response()));
}

TEST_CASE_METHOD(fixture, "whoever waits too long gets the run as it is") {
  submit({request("job")});
  auto waiter = ask<orc::run>(front, wait_run{{"default", "job"}, 5s});
  advance(6s);
  CHECK(waiter.response().state == run_state::running);
}

TEST_CASE_METHOD(fixture, "runs wait for memory and say so") {
  submit(
    {request("a"), request("b"), request("c"), request("d"), request("e")});
  CHECK(platform.size() == 4);
  auto waiting = get("e");
  CHECK(waiting.state == run_state::queued);
  CHECK(waiting.reason.value_or("").find("MiB") != std::string::npos);
  end("run-1", remote_status::succeeded);
  advance(2s);
  CHECK(platform.size() == 5);
}

TEST_CASE_METHOD(fixture, "an unknown name is an error") {
  auto answer = ask<orc::run>(front, get_run{{"default", "nobody"}});
  CHECK(code_of(answer.error()) == ec::unknown_run);
}

TEST_CASE_METHOD(fixture, "a submission with one bad run starts nothing") {
  auto bad = request("bad");
  bad.options.memory = 1000_MiB;
  CHECK(code_of(submit({request("good"), bad}).error()) == ec::bad_field);
  CHECK(platform.empty());
  auto answer = ask<orc::run>(front, get_run{{"default", "good"}});
  CHECK(code_of(answer.error()) == ec::unknown_run);
}

TEST_CASE_METHOD(fixture, "the same name twice in a submission is an error") {
  auto answer = submit({request("job"), request("job")});
  CHECK(code_of(answer.error()) == ec::duplicate_name);
}

TEST_CASE_METHOD(fixture, "a name of another Apify actor is an error") {
  submit({request("job")});
  auto other = request("job");
  other.actor = "apify/another";
  CHECK(code_of(submit({other}).error()) == ec::name_conflict);
}

TEST_CASE_METHOD(fixture, "a run that can never fit is refused") {
  auto huge = request("huge");
  huge.options.memory = 8192_MiB;
  submit({huge});
  CHECK(get("huge").state == run_state::refused);
  CHECK(platform.empty());
}

TEST_CASE_METHOD(fixture, "aborting all reaches queued and live runs") {
  submit(
    {request("a"), request("b"), request("c"), request("d"), request("e")});
  abort_runs all;
  all.all = true;
  auto answer = ask<aborted_runs>(front, all);
  advance(2s);
  CHECK(answer.response().count == 5);
  CHECK(get("e").state == run_state::cancelled);
  CHECK(get("a").status == remote_status::aborted);
  CHECK(platform.size() == 4);
}

TEST_CASE_METHOD(fixture, "aborting all looks behind runs of accounts that are "
                          "gone") {
  submit({request("job")});
  insert_runs others;
  for (int i = 0; i < 200; ++i) {
    new_run fresh;
    fresh.record.view.name = "other-" + std::to_string(i);
    fresh.record.view.account = "gone";
    others.runs.push_back(fresh);
  }
  CHECK(ask<inserted_runs>(parts.store, others).response().runs.size() == 200);
  abort_runs all;
  all.all = true;
  CHECK(ask<aborted_runs>(front, all).response().count == 1);
}

TEST_CASE_METHOD(fixture, "a run that failed is started anew on request") {
  submit({request("job")});
  end("run-1", remote_status::failed);
  advance(2s);
  CHECK(get("job").status == remote_status::failed);
  submit({request("job")});
  CHECK(platform.size() == 1);
  ask<submitted_runs>(front, submit_runs{{request("job")}, true});
  CHECK(platform.size() == 2);
  CHECK(get("job").attempts.size() == 2);
}

TEST_CASE_METHOD(fixture, "a run that brings its own token gets its own "
                          "account") {
  auto own = request("own");
  own.token = secret{"another-token"};
  submit({own, request("usual")});
  CHECK(connected.size() == 2);
  CHECK(get("own").account != get("usual").account);
}

TEST_CASE_METHOD(fixture, "nothing is taken once the service stops") {
  submit({request("job")});
  auto waiter = ask<orc::run>(front, wait_run{{"default", "job"}, 60s});
  CHECK(ask<account_stopped>(front, stop_service{false}).response().aborted
        == 0);
  CHECK(code_of(waiter.error()) == ec::stopping);
  CHECK(code_of(submit({request("late")}).error()) == ec::stopping);
}

TEST_CASE_METHOD(fixture, "the kill switch aborts what is live") {
  submit({request("a"), request("b")});
  auto stopped = ask<account_stopped>(front, stop_service{true});
  advance(2s);
  CHECK(stopped.response().aborted == 2);
  CHECK(find("run-2").status == remote_status::aborted);
}

TEST_CASE_METHOD(fixture, "a restart takes up what was live and what waited") {
  submit(
    {request("a"), request("b"), request("c"), request("d"), request("e")});
  restart();
  CHECK(platform.size() == 4);
  end("run-1", remote_status::succeeded);
  advance(2s);
  CHECK(succeeded(get("a")));
  CHECK(get("e").state == run_state::running);
}

TEST_CASE_METHOD(fixture, "a restart starts nothing in the place of a live run "
                          "that it reads last") {
  std::vector<run_request> runs;
  for (auto i = 0; i < 10'000; ++i)
    runs.push_back(request(("job-" + std::to_string(i)).c_str()));
  for (const auto* name : {"a", "b", "c", "d"})
    runs.emplace_back(request(name)).priority = 1;
  submit(std::move(runs));
  REQUIRE(get("d").state == run_state::running);
  restart();
  CHECK(platform.size() == 4);
}
