#pragma once

#include "actors/account/account.hpp"
#include "tests/support/actor_fixture.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace orc::test {

/// What the platform of a test says; nothing: it fails with `error`.
struct fake_platform {
  using limits_promise = caf::typed_response_promise<account_limits>;
  using target_promise = caf::typed_response_promise<target_defaults>;

  /// Answers what was asked while it was silent.
  void answer_late() {
    for (auto& x : std::exchange(waiting_limits, {}))
      x.deliver(*limits);
    for (auto& x : std::exchange(waiting_targets, {}))
      x.deliver(*target);
  }

  std::optional<account_limits> limits;
  std::optional<target_defaults> target;
  ec error = ec::forbidden;
  int limits_asked = 0;
  int targets_asked = 0;
  /// It answers nothing about limits and targets.
  bool silent = false;
  std::vector<limits_promise> waiting_limits;
  std::vector<target_promise> waiting_targets;
};

inline apify_api_actor::behavior_type
fake_api(apify_api_actor::pointer self,
         std::shared_ptr<fake_platform> platform) {
  auto refuse = [platform] { return make_error(platform->error, "refused"); };
  return {
    [=](const start_remote_run&) -> caf::result<remote_run> {
      return refuse();
    },
    [=](const get_remote_run&) -> caf::result<remote_run> { return refuse(); },
    [](const list_remote_runs&) { return remote_runs{}; },
    [=](const abort_remote_run&) -> caf::result<remote_run> {
      return refuse();
    },
    [=](const resurrect_remote_run&) -> caf::result<remote_run> {
      return refuse();
    },
    [](const get_input&) { return json_text{}; },
    [](const get_log_end&) { return log_end{}; },
    [=](get_limits) -> caf::result<account_limits> {
      ++platform->limits_asked;
      if (platform->silent)
        return platform->waiting_limits.emplace_back(
          self->make_response_promise<account_limits>());
      if (!platform->limits)
        return refuse();
      return *platform->limits;
    },
    [](get_user) {
      return remote_user{"id", "jane"};
    },
    [=](const get_target&) -> caf::result<target_defaults> {
      ++platform->targets_asked;
      if (platform->silent)
        return platform->waiting_targets.emplace_back(
          self->make_response_promise<target_defaults>());
      if (!platform->target)
        return refuse();
      return *platform->target;
    },
    [](const count_items&) { return item_counts{}; },
    [](const get_items&) { return items_page{}; },
    // An actor has to run to answer: this makes it.
    [platform](get_server_time) {
      platform->answer_late();
      return timestamp{};
    },
    [](get_api_usage) {
      api_usage x;
      x.calls["start"] = 7;
      return x;
    },
  };
}

/// What the RUNs of a test were told.
struct run_log {
  /// The newest RUN of each run.
  std::map<run_key, run_actor> runs;
  /// In the order in which RUNs were made.
  std::vector<std::uint64_t> spawned;
  std::vector<std::uint64_t> resumed;
  std::vector<std::uint64_t> aborted;
  std::vector<refuse_run> refused;
};

inline run_actor::behavior_type
fake_run(run_actor::pointer, std::shared_ptr<run_log> log) {
  return {
    [](const remote_run_seen&) {},
    [](const remote_run_gone&) {},
    [](const remote_run_found&) {},
    [](const remote_run_stuck&) {},
    [log](const refuse_run& x) { log->refused.push_back(x); },
    [log](const abort_run& x) {
      log->aborted.push_back(x.key.value);
      run result;
      result.state = run_state::cancelled;
      return result;
    },
  };
}

/// An ACCOUNT with 8 GiB and 32 run slots, once `start_account` was called.
class account_fixture : public actor_fixture {
public:
  using keys = std::vector<std::uint64_t>;

  account_fixture() {
    account_limits x;
    x.max_memory = {8192};
    x.max_runs = 32;
    platform->limits = x;
  }

  ~account_fixture() {
    if (account)
      kill(account);
    for (auto& [key, actor] : runs->runs)
      kill(actor);
    runs->runs.clear();
    kill(api);
  }

  void start_account(account_config how = {}) {
    how.settings.name = "main";
    account = system().spawn(
      orc::account, std::move(how),
      account_parts{
        api, [this](const account_actor&, run_key key,
                    std::optional<run_record> resumed) {
          (resumed ? runs->resumed : runs->spawned).push_back(key.value);
          auto made = system().spawn(fake_run, runs);
          runs->runs[key] = made;
          return made;
        }});
    run();
  }

  static queued_run
  queued(std::uint64_t key, std::optional<mebibytes> memory = mebibytes{1024}) {
    queued_run x;
    x.key = {key};
    x.account = "main";
    x.space = "default";
    x.target.id = "apify/web-scraper";
    x.memory = memory;
    return x;
  }

  void
  enqueue(std::uint64_t from, std::uint64_t count, mebibytes memory = {1024}) {
    enqueue_runs x;
    for (auto key = from; key < from + count; ++key)
      x.runs.push_back(queued(key, memory));
    tell(account, x);
  }

  /// The platform is silent no more.
  void answer_late() {
    platform->silent = false;
    ask<timestamp>(api, get_server_time{});
  }

  account_view view() {
    return ask<account_view>(account, get_account{}).response();
  }

  std::shared_ptr<fake_platform> platform = std::make_shared<fake_platform>();
  std::shared_ptr<run_log> runs = std::make_shared<run_log>();
  apify_api_actor api = system().spawn(fake_api, platform);
  account_actor account;
};

} // namespace orc::test
