#include "tests/actors/run/run_world.hpp"

using namespace orc;
using namespace orc::literals;
using namespace std::chrono_literals;
using test::run_world;

namespace {

struct resurrection_fixture : run_world {
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

  remote_run platform = remote("run-1", remote_status::aborted);
  int resurrections = 0;
};

} // namespace

TEST_CASE_METHOD(resurrection_fixture,
                 "a resurrection without an answer is looked for, not "
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

TEST_CASE_METHOD(resurrection_fixture,
                 "a resurrection that nobody sees in its window is "
                 "asked for again") {
  fail_resurrections(ec::answer_lost);
  lead(insert_aborted());
  for (int i = 0; i < 30; ++i)
    advance(1s);
  CHECK(resurrections == 2);
  CHECK(script->starts.empty());
}

TEST_CASE_METHOD(resurrection_fixture,
                 "a resurrection is refused to what goes on already") {
  fail_resurrections(ec::invalid_input);
  lead(insert_aborted());
  advance(1s);
  platform.resurrect_count = 1;
  advance(1s);
  CHECK(told_->watched == std::vector<std::string>{"run-1"});
  CHECK(script->starts.empty());
}

TEST_CASE_METHOD(resurrection_fixture,
                 "what cannot be resurrected is started anew, though "
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

TEST_CASE_METHOD(resurrection_fixture,
                 "nothing is started while nobody can tell whether a "
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
