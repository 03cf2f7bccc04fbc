#include "actors/reconciler/reconciler.hpp"
#include "persistence/memory/run_store.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/scripted_api.hpp"

#include <map>

using namespace orc;
using namespace std::chrono_literals;

namespace {

/// What an asker was told: the id of a run, or "" for none.
using answers = std::map<std::uint64_t, std::string>;

run_actor::behavior_type
asker(run_actor::pointer, std::uint64_t key, std::shared_ptr<answers> told) {
  return {
    [](const remote_run_seen&) {},
    [](const remote_run_gone&) {},
    [=](const remote_run_found& x) { (*told)[key] = x.run ? x.run->id : ""; },
    [](const remote_run_stuck&) {},
    [=](const refuse_run&) { (*told)[key] = "refused"; },
    [](const abort_run&) { return run{}; },
  };
}

/// A RECONCILER without patience, and a platform with a list of runs.
struct fixture : test::actor_fixture {
  fixture() {
    script->list = [this](const list_remote_runs& x) {
      remote_runs page;
      for (const auto& run : platform)
        if (!x.started_after || run.started_at >= *x.started_after)
          page.runs.push_back(run);
      return page;
    };
    script->target = [](const get_target&) {
      return target_defaults{{}, "actor-1", ""};
    };
    script->input = [this](const get_input& x) {
      return json_text{inputs[x.key_value_store_id]};
    };
    script->get = [this](const get_remote_run& x) -> caf::result<remote_run> {
      for (const auto& run : platform)
        if (run.id == x.id)
          return run;
      return make_error(ec::not_found, "no such run");
    };
    script->abort = [this](const abort_remote_run&) { return platform[0]; };
    api = system().spawn(test::scripted_api, script);
    store = system().spawn(memory_run_store);
    reconciler = system().spawn(orc::reconciler, api, store, window);
  }

  ~fixture() {
    kill(reconciler);
    kill(api);
    kill(store);
    for (auto& x : askers)
      kill(x);
  }

  void add(const char* id, std::string agent, const char* input = "{}") {
    remote_run result;
    result.id = id;
    result.actor_id = "actor-1";
    result.started_at = began + std::chrono::milliseconds{platform.size() + 1};
    result.user_agent = std::move(agent);
    result.key_value_store_id = id;
    inputs[id] = input;
    platform.push_back(result);
  }

  void lose(std::uint64_t key, const char* marker, const char* input = "{}") {
    find_remote_run request;
    request.key = run_key{key};
    request.target.id = "apify/web-scraper";
    request.intent = {marker, began};
    request.input = json_text{input};
    request.asker = system().spawn(asker, key, told_);
    askers.push_back(request.asker);
    tell(reconciler, request);
  }

  /// Makes a platform run another run's of this store.
  void bind(const char* id) {
    new_run owner;
    owner.record.view.name = "owner";
    owner.record.view.attempts.emplace_back().run_id = id;
    ask<inserted_runs>(store, insert_runs{{owner}});
  }

  static std::string ours(const std::string& marker) {
    return "ApifyOrchestrator/0.1.0 (linux) run/" + marker;
  }

  std::chrono::milliseconds window{600'000};
  timestamp began = now();
  std::vector<remote_run> platform;
  std::map<std::string, std::string> inputs;
  std::vector<run_actor> askers;
  std::shared_ptr<answers> told_ = std::make_shared<answers>();
  test::api_script_ptr script = std::make_shared<test::api_script>();
  apify_api_actor api;
  run_store_actor store;
  reconciler_actor reconciler;
};

} // namespace

TEST_CASE_METHOD(fixture, "a run with the marker is found") {
  add("other", ours("x.9.1"));
  add("mine", ours("x.1.1"));
  lose(1, "x.1.1");
  CHECK(told_->at(1) == "mine");
  CHECK(script->aborted.empty());
}

TEST_CASE_METHOD(fixture, "a run that shows up late is found") {
  lose(1, "x.1.1");
  CHECK(told_->empty());
  add("mine", ours("x.1.1"));
  advance(1s);
  CHECK(told_->at(1) == "mine");
}

TEST_CASE_METHOD(fixture, "of two runs with one marker the oldest is taken and "
                          "the other is aborted") {
  add("first", ours("x.1.1"));
  add("second", ours("x.1.1"));
  lose(1, "x.1.1");
  CHECK(told_->at(1) == "first");
  CHECK(script->aborted == std::vector<std::string>{"second"});
}

TEST_CASE_METHOD(fixture, "without markers each equal start gets a run of its "
                          "own") {
  add("first", "", R"({"n":1})");
  add("second", "", R"({"n":1})");
  lose(1, "x.1.1", R"({"n":1})");
  lose(2, "x.2.1", R"({"n":1})");
  advance(1s);
  CHECK(told_->at(1) == "first");
  CHECK(told_->at(2) == "second");
  CHECK(script->aborted.empty());
}

TEST_CASE_METHOD(fixture, "a run that is bound to another one is left alone") {
  add("taken", "", R"({"n":1})");
  bind("taken");
  lose(7, "x.7.1", R"({"n":1})");
  CHECK(told_->empty());
}

TEST_CASE_METHOD(fixture, "what another client started is left alone") {
  add("stranger", "ApifyClient/2.25.0 (linux)", R"({"n":1})");
  lose(1, "x.1.1", R"({"n":1})");
  CHECK(told_->empty());
}

TEST_CASE_METHOD(fixture, "where something rewrites the User-Agent the input "
                          "decides") {
  add("known", "Proxy/1.0", R"({"n":1})");
  add("mine", "Proxy/1.0", R"({"n":1})");
  bind("known");
  lose(1, "x.1.1", R"({"n":1})");
  CHECK(told_->at(1) == "mine");
}

TEST_CASE_METHOD(fixture, "one look serves all lost starts") {
  for (int i = 0; i < 20; ++i)
    add(("run-" + std::to_string(i)).c_str(), ours("x." + std::to_string(i)));
  script->target = nullptr;
  for (std::uint64_t i = 0; i < 20; ++i)
    lose(i, ("x." + std::to_string(i)).c_str());
  advance(1s);
  CHECK(told_->size() == 20);
  CHECK(script->lists <= 21);
}

TEST_CASE_METHOD(fixture, "a token that may not list runs starts nothing "
                          "again") {
  script->list = [](const list_remote_runs&) -> caf::result<remote_runs> {
    return make_error(ec::forbidden, "no rights", "insufficient-permissions");
  };
  lose(1, "x.1.1");
  CHECK(told_->at(1) == "refused");
}

TEST_CASE_METHOD(fixture, "a proxy that says no may say yes the next time") {
  add("mine", ours("x.1.1"));
  auto list = std::exchange(
    script->list, [](const list_remote_runs&) -> caf::result<remote_runs> {
      return make_error(ec::forbidden, "HTTP 403 Forbidden");
    });
  lose(1, "x.1.1");
  CHECK(told_->empty());
  script->list = list;
  advance(1s);
  CHECK(told_->at(1) == "mine");
}

TEST_CASE_METHOD(fixture, "a list that is refused until the window is over "
                          "starts nothing again") {
  kill(reconciler);
  reconciler = system().spawn(orc::reconciler, api, store, 0ms);
  script->list = [](const list_remote_runs&) -> caf::result<remote_runs> {
    return make_error(ec::forbidden, "HTTP 403 Forbidden");
  };
  lose(1, "x.1.1");
  advance(1s);
  CHECK(told_->at(1) == "refused");
}

TEST_CASE_METHOD(fixture, "a wrong clock hides no run that carries the "
                          "marker") {
  kill(reconciler);
  reconciler = system().spawn(orc::reconciler, api, store, 0ms);
  add("mine", ours("x.1.1"));
  platform.back().started_at = began - 1h;
  lose(1, "x.1.1");
  advance(1s);
  CHECK(told_->at(1) == "mine");
}

TEST_CASE_METHOD(fixture, "a start that nobody finds in its window did "
                          "nothing") {
  kill(reconciler);
  reconciler = system().spawn(orc::reconciler, api, store, 0ms);
  lose(1, "x.1.1");
  advance(1s);
  CHECK(told_->at(1).empty());
}

TEST_CASE_METHOD(fixture, "a window is as long as it is, whatever the clock on "
                          "the wall does") {
  kill(reconciler);
  reconciler = system().spawn(orc::reconciler, api, store, 30'000ms);
  lose(1, "x.1.1");
  for (auto i = 0; i < 29; ++i)
    advance(1s);
  CHECK(told_->empty());
  advance(1s);
  CHECK(told_->at(1).empty());
}
