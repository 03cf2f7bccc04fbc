#pragma once

#include "actors/run/run.hpp"
#include "persistence/memory/run_store.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/scripted_api.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace orc::test {

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

inline tracker_actor::behavior_type
tracker_mock(tracker_actor::pointer, told_ptr x) {
  return {
    [x](const watch_remote_run& y) { x->watched.push_back(y.id); },
    [](const unwatch_remote_run&) {},
  };
}

inline reconciler_actor::behavior_type
reconciler_mock(reconciler_actor::pointer, told_ptr x) {
  return {[x](const find_remote_run& y) { x->lost.push_back(y); }};
}

inline item_counter_actor::behavior_type
counter_mock(item_counter_actor::pointer) {
  return {[](const count_dataset&) { return dataset_count{42}; }};
}

inline events_actor::behavior_type
events_mock(events_actor::pointer, told_ptr x) {
  return {
    [x](const publish_event& y) { x->events.push_back(y.kind); },
    [](const subscribe_events&) {},
  };
}

inline account_actor::behavior_type
account_mock(account_actor::pointer, told_ptr x) {
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

inline orchestrator_actor::behavior_type
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

/// One run in a store, and a RUN that leads it.
struct run_world : actor_fixture {
  run_world() {
    script->start = [](const start_remote_run&) {
      return remote("run-1", remote_status::ready);
    };
    parts.store = system().spawn(memory_run_store);
    parts.api = system().spawn(scripted_api, script);
    parts.tracker = system().spawn(tracker_mock, told_);
    parts.reconciler = system().spawn(reconciler_mock, told_);
    parts.counter = system().spawn(counter_mock);
    parts.account = system().spawn(account_mock, told_);
    parts.events = system().spawn(events_mock, told_);
    parts.orchestrator = system().spawn(orchestrator_mock, told_);
  }

  ~run_world() {
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
    result.memory = mebibytes{512};
    return result;
  }

  run_key insert(std::uint32_t attempts = 1) {
    new_run fresh;
    fresh.record.max_attempts = attempts;
    return insert(std::move(fresh));
  }

  run_key insert(new_run fresh) {
    fresh.record.view.name = "job";
    fresh.record.target.id = "apify/web-scraper";
    fresh.input = json_text{R"({"n":1})"};
    auto answer = ask<inserted_runs>(parts.store, insert_runs{{fresh}});
    return answer.response().runs.front().record.key;
  }

  void lead(run_key key) {
    run_config mine;
    mine.instance = "store";
    mine.retries = {std::chrono::seconds{1}, std::chrono::seconds{1}};
    leader = run_actor{system().spawn(run_life, key, mine, parts)};
    run();
  }

  run_record stored() {
    auto ref = run_ref{"default", "job"};
    return ask<run_record>(parts.store, find_run{ref}).response();
  }

  void end_with(remote_status status, const char* id = "run-1") {
    tell(leader, remote_run_seen{remote(id, status)});
  }

  void fail_starts(ec code) {
    script->start = [code](const start_remote_run&) -> caf::result<remote_run> {
      return make_error(code, "the platform says no");
    };
  }

  told_ptr told_ = std::make_shared<told>();
  api_script_ptr script = std::make_shared<api_script>();
  run_parts parts;
  run_actor leader;
};

} // namespace orc::test
