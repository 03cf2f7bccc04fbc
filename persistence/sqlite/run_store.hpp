#pragma once

#include "messages/batch_store.hpp"
#include "messages/budget.hpp"
#include "messages/bus/bus_store.hpp"
#include "messages/hook_store.hpp"
#include "messages/split_store.hpp"
#include "messages/start_store.hpp"
#include "messages/target_history.hpp"
#include "persistence/sqlite/grouped_store.hpp"
#include "persistence/sqlite/open_store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <deque>
#include <memory>
#include <optional>

namespace orc::sqlite {

/// Tells the store to prune on, so that others get a turn in between.
struct prune_on {
  static constexpr auto fields = describe("prune_on", "Prunes on.");
};

/// All that is durable: runs, batches, how lists were cut, money, what webhooks
/// are owed, and what the store tells itself.
using store_actor = run_store_actor::extend_with<hook_store_actor>::
  extend_with<split_store_actor>::extend_with<batch_store_actor>::extend_with<
    start_store_actor>::extend_with<ledger_store_actor>::
    extend_with<sample_store_actor>::extend_with<bus_store_actor>::extend<
      caf::reacts_to<end_group>, caf::reacts_to<prune_on>>;

/// The PERSISTENCE on SQLite. It blocks: spawn it detached.
class store_state {
public:
  static inline const char* name = "run-store";

  explicit store_state(store_actor::pointer self);

  store_state(const store_state&) = delete;

  store_state& operator=(const store_state&) = delete;

  /// Ends the open transaction: whoever asked gets an answer.
  ~store_state();

  store_actor::behavior_type make_behavior(std::shared_ptr<open_store> store);

private:
  /// A `prune_runs` that has not removed everything yet.
  struct pruning {
    timestamp finished_before;
    std::uint64_t count;
    caf::typed_response_promise<pruned_runs> promise;
  };

  caf::result<pruned_runs> prune(const prune_runs& request);
  void prune_some();
  store_health check(const check_store& request);

  /// Tells of new deliveries once they are durable.
  void announce_deliveries();

  store_actor::pointer self_;
  std::shared_ptr<open_store> store_;
  std::optional<grouped_store<store_actor::pointer>> grouped_;
  std::deque<pruning> prunings_;
  std::vector<delivery_sink> delivery_sinks_;
  bool announcing_ = false;
};

/// Starts a PERSISTENCE.
store_actor::behavior_type
run_store(store_actor::stateful_pointer<store_state> self,
          std::shared_ptr<open_store> store);

} // namespace orc::sqlite
