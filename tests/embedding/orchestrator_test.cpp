#include "embedding/ask.hpp"
#include "embedding/message_types.hpp"
#include "embedding/orchestrator.hpp"
#include "embedding/stores.hpp"
#include "tests/support/quiet_config.hpp"
#include "tests/support/scripted_api.hpp"
#include "tests/support/temp_folder.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

using namespace orc;
using namespace orc::literals;
using namespace std::chrono_literals;

namespace {

struct host_config : test::quiet_config {
  host_config() {
    orc::add_message_types(*this);
  }
};

/// A platform of the host's own, whose runs have ended as soon as they started.
test::api_script_ptr instant_platform() {
  auto script = std::make_shared<test::api_script>();
  auto run = [](const std::string& id) {
    remote_run result;
    result.id = id;
    result.status = remote_status::succeeded;
    result.started_at = now();
    result.finished_at = now();
    result.memory = 128_MiB;
    return result;
  };
  script->start = [=](const start_remote_run& x) { return run(x.marker); };
  script->get = [=](const get_remote_run& x) { return run(x.id); };
  script->limits = [](const get_limits&) {
    return account_limits{4096_MiB, {}, 25, 0, {}, {}};
  };
  script->target = [](const get_target&) {
    return target_defaults{128_MiB, "actor-1", ""};
  };
  return script;
}

struct fixture {
  /// On a platform of the host's own.
  orchestrator_options options(store_choice store = in_memory{}) {
    orchestrator_options result;
    account_settings account;
    account.token = secret{"token-of-the-account"};
    result.settings.accounts = {account};
    result.settings.count_items = false;
    result.settings.settle_after.reset();
    result.store = std::move(store);
    result.connect = [this](const account_settings&) {
      auto api = system.spawn(test::scripted_api, platform);
      return platform_access{api};
    };
    return result;
  }

  embedded_orchestrator open(const orchestrator_options& x) {
    auto opened = embedded_orchestrator::open(system, x);
    if (!opened)
      FAIL(message_of(opened.error()));
    return std::move(*opened);
  }

  caf::expected<submitted_runs>
  submit(const embedded_orchestrator& to, const std::string& name) {
    submit_runs request;
    request.runs.emplace_back();
    request.runs.back().name = name;
    request.runs.back().actor = "me/shop";
    return ask<submitted_runs>(system, to.orchestrator(), request, 10s);
  }

  caf::expected<run>
  wait(const embedded_orchestrator& to, const std::string& name) {
    return ask<run>(system, to.orchestrator(), wait_run{{"default", name}, 10s},
                    20s);
  }

  bool comes_to_run(const embedded_orchestrator& on, const std::string& name) {
    for (int i = 0; i < 500; ++i) {
      auto now
        = ask<run>(system, on.orchestrator(), get_run{{"default", name}}, 10s);
      if (now && now->state == run_state::running)
        return true;
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }

  /// @returns whether all actors have ended, after a while at the latest.
  bool all_gone() {
    for (int i = 0; i < 200 && system.registry().running() > 0; ++i)
      std::this_thread::sleep_for(10ms);
    return system.registry().running() == 0;
  }

  test::api_script_ptr platform = instant_platform();
  test::temp_folder home;
  std::filesystem::path folder = home.path() / "data";
  host_config config;
  caf::actor_system system{config};
};

} // namespace

TEST_CASE_METHOD(fixture, "a host's own platform does runs") {
  auto orchestrator = open(options());

  REQUIRE(submit(orchestrator, "one"));
  auto done = wait(orchestrator, "one");

  REQUIRE(done);
  CHECK(done->status == remote_status::succeeded);
  CHECK(platform->starts.size() == 1);
}

TEST_CASE_METHOD(fixture, "orchestrators of one system know no other's runs") {
  auto one = open(options());
  auto other = open(options(in_directory{folder}));

  REQUIRE(submit(one, "shop"));
  REQUIRE(wait(one, "shop"));

  auto unknown = wait(other, "shop");
  REQUIRE_FALSE(unknown);
  CHECK(code_of(unknown.error()) == ec::unknown_run);
  REQUIRE(submit(other, "shop"));
  REQUIRE(wait(other, "shop"));
  CHECK(platform->starts.size() == 2);
}

TEST_CASE_METHOD(fixture, "what has ended leaves no actor behind") {
  for (int i = 0; i < 3; ++i) {
    auto orchestrator = open(options(in_directory{folder}));
    REQUIRE(submit(orchestrator, "run-" + std::to_string(i)));
    REQUIRE(wait(orchestrator, "run-" + std::to_string(i)));
  }

  CHECK(all_gone());
}

TEST_CASE_METHOD(fixture, "a directory is free for the next one at once") {
  {
    auto first = open(options(in_directory{folder}));
    REQUIRE(submit(first, "kept"));
    REQUIRE(wait(first, "kept"));
    auto second
      = embedded_orchestrator::open(system, options(in_directory{folder}));
    REQUIRE_FALSE(second);
    CHECK(code_of(second.error()) == ec::store_locked);
  }
  auto next = open(options(in_directory{folder}));

  auto known = submit(next, "kept");

  REQUIRE(known);
  CHECK(known->runs.at(0).joined);
  CHECK(platform->starts.size() == 1);
}

TEST_CASE_METHOD(fixture, "a host puts an actor in front of a store of ours") {
  std::atomic<int> saves = 0;
  auto ours = open_store(system, in_directory{folder});
  REQUIRE(ours);
  auto counting
    = [&saves, to = ours->runs](
        run_store_actor::pointer self) -> run_store_actor::behavior_type {
    auto pass = [self, to](const auto& x) { return self->delegate(to, x); };
    return {[pass](const insert_runs& x) { return pass(x); },
            [pass, &saves](const save_run& x) {
              ++saves;
              return pass(x);
            },
            [pass](const settle_run& x) { return pass(x); },
            [pass](const load_run& x) { return pass(x); },
            [pass](const find_run& x) { return pass(x); },
            [pass](const list_runs& x) { return pass(x); },
            [pass](const load_unfinished& x) { return pass(x); },
            [pass](const load_unsettled& x) { return pass(x); },
            [pass](const find_bound& x) { return pass(x); },
            [pass](const load_totals& x) { return pass(x); },
            [pass](const save_account& x) { return pass(x); },
            [pass](const load_accounts& x) { return pass(x); },
            [pass](const prune_runs& x) { return pass(x); },
            [pass](const check_store& x) { return pass(x); }};
  };
  auto own = system.spawn(counting);
  {
    store_actors store;
    store.runs = own;
    auto orchestrator = open(options(store));
    REQUIRE(submit(orchestrator, "counted"));
    REQUIRE(wait(orchestrator, "counted"));
    CHECK_FALSE(orchestrator.batches());
    CHECK_FALSE(orchestrator.tasks());
  }

  // The host's actors are the host's to end.
  CHECK(saves >= 2);
  CHECK(ask<store_health>(system, own, check_store{}, 10s));
  caf::anon_send_exit(own, caf::exit_reason::user_shutdown);
  close_store(system, *ours);
  CHECK(all_gone());
}

TEST_CASE_METHOD(fixture, "a host that says so forgets what is old") {
  {
    auto first = open(options(in_directory{folder}));
    REQUIRE(submit(first, "old"));
    REQUIRE(wait(first, "old"));
  }
  auto forgetful = options(in_directory{folder});
  forgetful.chores.keep_runs = 1ms;
  auto orchestrator = open(forgetful);

  auto gone = [&] {
    auto found = ask<run>(system, orchestrator.orchestrator(),
                          get_run{{"default", "old"}}, 10s);
    return !found && code_of(found.error()) == ec::unknown_run;
  };
  for (int i = 0; i < 500 && !gone(); ++i)
    std::this_thread::sleep_for(10ms);

  CHECK(gone());
}

TEST_CASE_METHOD(fixture, "tokens do not travel in the clear") {
  auto x = options();
  x.connect = {};
  x.settings.accounts.front().base_url = "http://example.com";

  auto refused = embedded_orchestrator::open(system, x);

  REQUIRE_FALSE(refused);
  CHECK(code_of(refused.error()) == ec::bad_config);
  CHECK(message_of(refused.error()).find("in the clear") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "options that make no sense are named") {
  auto x = options();
  x.settings.accounts.push_back(x.settings.accounts.front());
  auto twice = embedded_orchestrator::open(system, x);
  auto y = options();
  y.settings.accounts.front().max_memory = 64_MiB;
  auto little = embedded_orchestrator::open(system, y);

  REQUIRE_FALSE(twice);
  CHECK(message_of(twice.error())
        == "settings.accounts[1].name: there is another `default`");
  REQUIRE_FALSE(little);
  CHECK(code_of(little.error()) == ec::bad_config);
  CHECK(all_gone());
}

TEST_CASE_METHOD(fixture, "a host hears when the orchestrator dies") {
  auto orchestrator = open(options());
  std::atomic<bool> died = false;
  orchestrator.on_death([&] { died = true; });

  caf::anon_send_exit(orchestrator.store().runs, caf::exit_reason::kill);
  for (int i = 0; i < 500 && !died; ++i)
    std::this_thread::sleep_for(10ms);

  CHECK(died);
}

TEST_CASE_METHOD(fixture,
                 "runs of a host that stops are aborted if it wishes") {
  platform->start = [](const start_remote_run& x) {
    remote_run result;
    result.id = x.marker;
    result.status = remote_status::running;
    result.started_at = now();
    result.memory = 128_MiB;
    return result;
  };
  platform->get = [](const get_remote_run&) -> caf::result<remote_run> {
    return make_error(ec::answer_lost, "not now");
  };
  auto ended = std::make_shared<std::atomic<bool>>(false);
  platform->abort = [ended](const abort_remote_run& x) {
    *ended = true;
    remote_run result;
    result.id = x.id;
    result.status = remote_status::aborted;
    result.started_at = now();
    result.finished_at = now();
    return result;
  };
  auto orchestrator = open(options());
  REQUIRE(submit(orchestrator, "long"));
  REQUIRE(comes_to_run(orchestrator, "long"));

  auto stopped = orchestrator.stop(true);

  REQUIRE(stopped);
  CHECK(stopped->aborted == 1);
  CHECK(*ended);
  auto refused = submit(orchestrator, "late");
  REQUIRE_FALSE(refused);
  CHECK(code_of(refused.error()) == ec::stopping);
}
