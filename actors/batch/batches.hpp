#pragma once

#include "messages/batch_store.hpp"
#include "messages/batches.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace orc {

/// Tells BATCHES to look at a batch again.
struct check_batch {
  run_ref ref;

  static constexpr auto fields
    = describe("check_batch", "Time to look at a batch again.",
               field("ref", &check_batch::ref, "Which."));
};

/// Tells BATCHES that somebody has waited long enough.
struct batch_wait_over {
  run_ref ref;
  std::uint64_t number = 0;

  static constexpr auto fields
    = describe("batch_wait_over", "A waiter has waited long enough.",
               field("ref", &batch_wait_over::ref, "For which batch."),
               field("number", &batch_wait_over::number, "Which waiter."));
};

/// Whom BATCHES talks to.
struct batches_parts {
  orchestrator_actor orchestrator;
  run_store_actor runs;
  batch_store_actor store;
  events_actor events;
};

/// The BATCHES interface with what it hears and tells itself.
using batches_self = batches_actor::extend_with<event_sink>::extend<
  caf::reacts_to<check_batch>, caf::reacts_to<batch_wait_over>>;

/// Watches over batches: counts their runs when something ends, stops those in
/// which too many fail, and answers who waits. The store counts; that takes
/// longer the more runs a batch has, so it is asked a few times a second only,
/// and only where somebody wants to know.
class batches_state {
public:
  static inline const char* name = "batches";

  explicit batches_state(batches_self::pointer self);

  batches_self::behavior_type make_behavior(batches_parts parts);

private:
  using view_promise = caf::typed_response_promise<batch_view>;
  using change_promise = caf::typed_response_promise<batch_change>;
  using view_callback = std::function<void(caf::expected<batch_view>)>;

  // -- requests ---------------------------------------------------------------

  caf::result<batch_view> set(const batch_request& x);
  caf::result<batch_view> get(const run_ref& ref);
  caf::result<batch_view> wait(const wait_batch& x);
  caf::result<batch_views> list(const list_batches& x);
  caf::result<batch_change> abort(const abort_batch& x);
  caf::result<batch_change> retry(const run_ref& ref);
  void on_event(const run_event& x);
  void on_wait_over(const batch_wait_over& x);

  // -- watching ---------------------------------------------------------------

  void load();
  void check_soon(const run_ref& ref);
  void check(const run_ref& ref);
  void judge(const batch_view& x);
  void stop(const batch_view& x, std::string why);
  void answer_waiters(const batch_view& x);

  /// @returns whether nothing of a batch will change any more. A run that has
  ///          ended is stored as such before its items are counted; who waits
  ///          for the batch waits for that, too.
  bool is_over(const batch_view& x);

  // -- tools ------------------------------------------------------------------

  batch_record record_of(const run_ref& ref) const;
  void save(const batch_record& x, std::function<void(caf::error)> f);

  /// Calls `f` with the batch as it stands, or with `ec::not_found`.
  void count(const run_ref& ref, view_callback f);

  /// What is done with all runs of a batch that are in some states, page by
  /// page.
  struct sweep {
    run_ref ref;
    std::vector<run_state> states;
    std::string cursor = {};
    std::uint64_t done = 0;
    /// Does it with one page, and then calls back with how many it concerned.
    std::function<void(std::vector<run_record>,
                       std::function<void(caf::expected<std::uint64_t>)>)>
      step = {};
    std::function<void(caf::expected<std::uint64_t>)> finish = {};
  };

  void go_on(const std::shared_ptr<sweep>& work);
  void abort_page(bool gracefully, const std::vector<run_record>& page,
                  std::function<void(caf::expected<std::uint64_t>)> f);
  void sweep_abort(const run_ref& ref, std::vector<run_state> states,
                   bool gracefully,
                   std::function<void(caf::expected<std::uint64_t>)> f);

  batches_self::pointer self_;
  batches_parts parts_;
  std::map<run_ref, batch_record> records_;
  /// Batches that are to be looked at, or are being looked at.
  std::map<run_ref, bool> checks_;
  std::map<run_ref, std::vector<std::pair<std::uint64_t, view_promise>>>
    waiters_;
  std::uint64_t last_waiter_ = 0;
  /// Names of runs that were started and whose end was not told yet.
  std::map<run_ref, std::set<std::string>> going_;
  /// Until when the end of the last runs of a batch is waited for.
  std::map<run_ref, timestamp> counting_until_;
};

/// Starts BATCHES.
batches_self::behavior_type
batches(batches_self::stateful_pointer<batches_state> self,
        batches_parts parts);

} // namespace orc
