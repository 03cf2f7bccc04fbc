#pragma once

#include "messages/run_store.hpp"
#include "persistence/sqlite/account_table.hpp"
#include "persistence/sqlite/directory_lock.hpp"
#include "persistence/sqlite/group_commit.hpp"
#include "persistence/sqlite/run_queries.hpp"
#include "persistence/sqlite/run_table.hpp"

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

using store_actor = run_store_actor::extend<caf::reacts_to<end_group>,
                                            caf::reacts_to<prune_on>>;

/// A store that is open, locked, up to date and known to be whole.
struct open_store {
  open_store(directory_lock held, database connection, const key_source& key);

  directory_lock lock;
  database db;
  totals_table totals;
  run_table runs;
  run_queries queries;
  account_table accounts;
  group_commit group;
  statement touch;
};

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

  template <class Answer, class F>
  caf::result<Answer> read(F question);

  template <class Answer, class F>
  caf::result<Answer> write(std::size_t writes, F change);

  template <class Answer>
  void answer_later(caf::typed_response_promise<Answer> promise,
                    caf::expected<Answer> answer);

  /// Opens a transaction for some more writes, and sees to its end.
  void join_group(std::size_t writes);

  caf::result<pruned_runs> prune(const prune_runs& request);
  void prune_some();
  store_health check();

  store_actor::pointer self_;
  std::shared_ptr<open_store> store_;
  std::deque<pruning> prunings_;
};

/// Starts a PERSISTENCE.
store_actor::behavior_type
run_store(store_actor::stateful_pointer<store_state> self,
          std::shared_ptr<open_store> store);

} // namespace orc::sqlite
