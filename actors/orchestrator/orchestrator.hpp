#pragma once

#include "actors/orchestrator/parts.hpp"
#include "actors/orchestrator/submission.hpp"
#include "actors/orchestrator/waiters.hpp"
#include "messages/health.hpp"
#include "messages/orchestrator.hpp"
#include "messages/reload.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>

namespace orc {

struct run_parts;

/// Tells the ORCHESTRATOR that a waiter has waited long enough.
struct wait_over {
  run_key key;
  std::uint64_t number = 0;

  static constexpr auto fields
    = describe("wait_over", "A waiter has waited long enough.",
               field("key", &wait_over::key, "For which run."),
               field("number", &wait_over::number, "Which waiter."));
};

/// The ORCHESTRATOR interface with what its supervisor asks of it, and what it
/// tells itself.
using orchestrator_self
  = orchestrator_actor::extend_with<health_actor>::extend_with<
    reloading_actor>::extend<caf::reacts_to<wait_over>>;

/// The front door: checks and stores what is submitted, hands it to the ACCOUNT
/// it runs on, and answers questions from the PERSISTENCE, which is the truth.
///
///     recovering ──▶ ready ──▶ stopping
///
/// While it recovers, it takes requests and answers them when it is ready.
class orchestrator_state {
public:
  static inline const char* name = "orchestrator";

  explicit orchestrator_state(orchestrator_self::pointer self);

  orchestrator_self::behavior_type
  make_behavior(orchestrator_settings settings, orchestrator_parts parts);

private:
  struct abort_job;
  struct health_job;
  struct page_job;
  struct reload_job;
  struct submit_job;

  // -- recovery ---------------------------------------------------------------

  void recover();
  void load_page(run_key after);
  void resume(unfinished_runs& page);
  void become_ready();
  void fail(const caf::error& err);

  // -- requests ---------------------------------------------------------------

  caf::result<submitted_runs> submit(const submit_runs& request);
  caf::result<run> get(const run_ref& ref);
  caf::result<run> wait(const wait_run& request);
  caf::result<run_page> list(const list_runs& request);
  caf::result<run> abort_one(const abort_named_run& request);
  caf::result<aborted_runs> abort_many(const abort_runs& request);
  caf::result<report> make_report(const get_report& request);
  caf::result<account_views> list_accounts();
  caf::result<budget_views> list_budgets();
  caf::result<budget_view> change_budget(const set_budget& request);
  caf::result<items_page> read(const read_items& request);
  readiness is_ready() const;
  caf::result<health> examine();
  caf::result<reloaded> reload(const reload_settings& request);
  void on_finished(const run_finished& x);
  void on_wait_over(const wait_over& x);
  caf::result<account_stopped> stop(bool abort);

  // -- their parts ------------------------------------------------------------

  void
  on_inserted(const std::shared_ptr<submit_job>& job, inserted_runs& result);
  void rejoin_one(const std::shared_ptr<submit_job>& job, std::size_t index,
                  inserted_run& result);
  void finish_submit(const std::shared_ptr<submit_job>& job);
  void explain_page(const std::shared_ptr<page_job>& job);
  void abort_page(const std::shared_ptr<abort_job>& job);
  void
  abort_record(const std::shared_ptr<abort_job>& job, const run_record& record);
  /// One thing fewer is under way: answers after the last one.
  void close_abort(const std::shared_ptr<abort_job>& job);

  /// Calls `f` with the run, or fails the promise.
  template <class Promise, class F>
  void with_run(const run_ref& ref, Promise promise, F f);

  /// Calls `f` with the views of all accounts, by name.
  void with_accounts(std::function<void(std::vector<account_view>)> f);

  /// Fills in the budgets, then calls `f`.
  void
  with_budgets(const std::shared_ptr<report>& result, std::function<void()> f);

  /// Fills in the item counts of live runs, then delivers the report.
  void count_live(std::shared_ptr<report> result,
                  caf::typed_response_promise<report> promise);

  /// Fills in why a queued run waits, then calls `f`.
  void explain(const run_record& record, std::function<void(run)> f);

  void examine_store(const std::shared_ptr<health_job>& job);
  void examine_budgets(const std::shared_ptr<health_job>& job);
  void examine_accounts(const std::shared_ptr<health_job>& job);
  void ask_after_silence(const std::string& account, const contact& x);
  void
  reload_account(const std::shared_ptr<reload_job>& job,
                 const account_settings& before, const account_settings& after);

  // -- accounts ---------------------------------------------------------------

  struct open_account {
    apify_api_actor api;
    account_actor account;
  };

  /// @returns nothing if the account is not configured any more.
  const open_account* account_of(const std::string& name);
  open_account open(const account_settings& settings);

  /// Starts what the runs of an account share.
  run_parts
  open_parts(const account_settings& settings, const apify_api_actor& api);

  void enqueue(const std::vector<run_record>& records);

  /// Runs `f` now, or when recovery is over.
  void when_ready(std::function<void()> f);

  orchestrator_self::pointer self_;
  orchestrator_settings settings_;
  orchestrator_parts parts_;
  account_book book_;
  std::map<std::string, open_account> accounts_;
  waiters waiters_;
  std::string instance_;
  /// Runs that recovery has taken up so far.
  std::uint64_t recovered_ = 0;
  /// Accounts whose platform is being asked whether it is there.
  std::set<std::string> asking_;
  timestamp started_at_;
  bool ready_ = false;
  bool stopping_ = false;
  std::string not_ready_because_ = "recovering";
  std::deque<std::function<void()>> postponed_;
};

/// Starts an ORCHESTRATOR, which starts everything else.
orchestrator_self::behavior_type
orchestrator(orchestrator_self::stateful_pointer<orchestrator_state> self,
             orchestrator_settings settings, orchestrator_parts parts);

} // namespace orc
