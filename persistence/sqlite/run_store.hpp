#pragma once

#include "messages/batch_store.hpp"
#include "messages/budget.hpp"
#include "messages/hook_store.hpp"
#include "messages/split_store.hpp"
#include "messages/target_history.hpp"
#include "persistence/sqlite/open_store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <deque>
#include <memory>

namespace orc::sqlite {

/// Tells the store that all that waited when its transaction began is in it.
struct end_group {
  static constexpr auto fields = describe("end_group", "Commits.");
};

/// Tells the store to prune on, so that others get a turn in between.
struct prune_on {
  static constexpr auto fields = describe("prune_on", "Prunes on.");
};

/// All that is durable: runs, batches, how lists were cut, money, what webhooks
/// are owed, and what the store tells itself.
using store_actor = run_store_actor::extend_with<hook_store_actor>::extend_with<
  split_store_actor>::extend_with<batch_store_actor>::
  extend_with<ledger_store_actor>::extend_with<sample_store_actor>::extend<
    caf::reacts_to<end_group>, caf::reacts_to<prune_on>>;

/// The PERSISTENCE on SQLite. It blocks: spawn it detached.
///
/// The first write opens a transaction and sends `end_group`, which arrives
/// behind everything that waits now: that is how writes find together without
/// anybody waiting for a timer.
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

  template <class T>
  struct answer_of {
    using type = T;
  };

  template <class T>
  struct answer_of<caf::expected<T>> {
    using type = T;
  };

  template <class Result>
  using expected = caf::expected<typename answer_of<Result>::type>;

  template <class Result>
  using answer = caf::result<typename answer_of<Result>::type>;

  /// Answers at once, or after the open transaction.
  template <class Part, class Result, class Request>
  auto
  read(Part& part, Result (Part::*verb)(const Request&), const Request& request)
    -> answer<Result>;

  /// Answers after the transaction.
  template <class Part, class Result, class Request>
  auto write(Part& part, Result (Part::*verb)(const Request&),
             const Request& request) -> answer<Result>;

  template <class Answer>
  caf::typed_response_promise<Answer>
  answer_later(caf::expected<Answer> outcome);

  template <class Answer>
  void answer_later(caf::typed_response_promise<Answer> promise,
                    caf::expected<Answer> outcome);

  /// Opens a transaction for some more writes, and sees to its end.
  void join_group(std::size_t writes);

  caf::result<pruned_runs> prune(const prune_runs& request);
  void prune_some();
  store_health check(const check_store& request);

  /// Tells of new deliveries once they are durable.
  void announce_deliveries();

  store_actor::pointer self_;
  std::shared_ptr<open_store> store_;
  std::deque<pruning> prunings_;
  std::vector<delivery_sink> delivery_sinks_;
  bool announcing_ = false;
};

/// Starts a PERSISTENCE.
store_actor::behavior_type
run_store(store_actor::stateful_pointer<store_state> self,
          std::shared_ptr<open_store> store);

} // namespace orc::sqlite
