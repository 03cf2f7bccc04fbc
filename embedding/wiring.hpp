#pragma once

#include "actors/task_runner/task_runner.hpp"
#include "embedding/chores.hpp"
#include "embedding/options.hpp"
#include "embedding/walks/walk_host.hpp"
#include "messages/batches.hpp"
#include "messages/budget.hpp"
#include "messages/event.hpp"
#include "messages/hooks.hpp"
#include "messages/orchestrator.hpp"
#include "messages/reader.hpp"
#include "messages/schedule/schedules.hpp"
#include "messages/splits.hpp"
#include "messages/target_history.hpp"
#include "messages/task/operators.hpp"
#include "messages/task/tasks.hpp"
#include "messages/walk/walks.hpp"
#include "persistence/memory/money_store.hpp"

#include <caf/error.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace orc {

struct hook_clients;

/// Whom others may speak to. Nobody, where the store has no place for what they
/// keep.
struct wired_actors {
  store_actors stores;
  /// Of the first account, besides the one of the ORCHESTRATOR.
  platform_access own;
  events_actor events;
  orchestrator_actor orchestrator;
  hooks_actor hooks;
  splits_actor splits;
  batches_actor batches;
  tasks_actor tasks;
  operators_actor operators;
  schedules_actor schedules;
  readings_actor readings;
};

/// The actors of one orchestrator: starts each after those that it speaks to,
/// and ends them the other way round.
class wiring {
public:
  wiring(caf::actor_system& system, const orchestrator_options& options);

  /// Ends what was started, however far that came.
  ~wiring();

  wiring(const wiring&) = delete;
  wiring& operator=(const wiring&) = delete;

  /// Opens the store and lets the host work on it.
  caf::error prepare();

  /// Opens the store and starts all that stands on it.
  caf::error open();

  /// Gives the platform of the account that was first at the start the token
  /// that it has now, wherever it stands, unless that platform is the host's.
  void change_token(const std::vector<account_settings>& accounts);

  /// Lets pages of batches end that are being done. There are no walks then.
  void end_walks();

  const wired_actors& actors() const noexcept;
  walks_actor walks() const noexcept;
  const std::shared_ptr<http::client>& client() const noexcept;
  bool is_taken_over() const noexcept;

private:
  platform_access access(const account_settings& account);
  apify_api_actor connect(const account_settings& account);
  caf::error open_hooks();
  void open_money();
  void open_orchestrator();
  void open_splits();
  void open_batches();
  void open_tasks();
  void open_readings();
  caf::error open_walks();
  void open_chores();
  void close_stores();
  void stop_network();

  caf::actor_system& system_;
  orchestrator_options options_;
  std::shared_ptr<io_runtime> runtime_;
  std::shared_ptr<http::client> client_;
  std::shared_ptr<hook_clients> hook_http_;
  std::shared_ptr<http::client> operator_http_;
  std::atomic<bool> taken_over_ = false;
  wired_actors actors_;
  /// Where the store has no place for it.
  money_store_actor money_;
  hook_sender_actor sender_;
  history_actor history_;
  budgets_actor budgets_;
  operator_caller_actor caller_;
  task_runner_actor runner_;
  std::unique_ptr<walk_host> walks_;
  std::optional<chores> chores_;
  std::mutex mutex_;
  std::vector<platform_access> accesses_;
  std::vector<std::shared_ptr<http::client>> account_clients_;
};

} // namespace orc
