#pragma once

#include "actors/account/account_parts.hpp"
#include "actors/account/admission.hpp"
#include "actors/account/live_run.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <map>
#include <set>
#include <unordered_map>
#include <vector>

namespace orc {

/// One Apify account: carries out what `admission` decides, with the platform
/// on one side and its RUNs, which it supervises, on the other.
///
///     run_key --admitted, resumed, or an errand--> RUN lives
///        RUN lives --run_ended or run_returned--> forgotten
///        RUN lives --died--> fallen --after 1 s--> RUN lives
class account_state {
public:
  static inline const char* name = "account";

  explicit account_state(account_shell::pointer self);

  /// RUNs end with their ACCOUNT: nobody else looks after them.
  ~account_state();

  account_shell::behavior_type
  make_behavior(account_config config, account_parts parts);

private:
  using abort_promise = caf::typed_response_promise<run>;
  using stop_promise = caf::typed_response_promise<account_stopped>;

  struct stop_waiter {
    stop_promise promise;
    /// So many had to end.
    std::size_t live = 0;
    timestamp until;
  };

  void enqueue(const enqueue_runs& x);
  void resume(const resume_runs& x);
  void started(const run_started& x);
  void returned(const run_returned& x);
  void ended(const run_ended& x);
  void open(const budget_opened& x);
  reloaded change(const change_caps& x);
  wait_reason explain(const explain_wait& x);
  void wake();

  caf::result<run> abort(const abort_run& x);
  void pass_abort(const abort_run& x, abort_promise promise, bool again);
  run_actor owner_for_abort(const abort_run& x);

  caf::result<account_stopped> stop(const stop_account& x);
  void check_stopped();

  caf::result<account_view> view();
  account_view make_view(const api_usage& calls) const;

  void serve();
  void start_and_refuse();
  void ask_platform();
  void ask_limits();
  void handle_limits(const account_limits& x);
  void handle_no_limits(const caf::error& x);
  void do_without_limits(const std::string& why);
  timestamp limits_due() const;
  void ask_user();
  void ask_target(const run_target& target);
  void do_without_target(const run_target& target, const std::string& why);
  void stop_waiting_for(const std::optional<run_target>& target);
  void set_timer();

  run_actor
  spawn(run_key key, run_errand task, std::optional<run_record> resumed);
  void forget(run_key key);
  void handle_down(const caf::actor_addr& owner);
  void drop(run_key key);
  void raise_fallen();
  void raise(run_key key);

  timestamp time() const;
  queued_run by_own_clock(queued_run x) const;

  account_shell::pointer self_;
  account_config config_;
  account_parts parts_;
  admission admission_{{}, 0};

  std::unordered_map<run_key, live_run> live_;
  std::unordered_map<caf::actor_addr, run_key> owners_;
  std::map<run_key, fallen_run> fallen_;
  /// RUNs that have an errand only: not too many at a time.
  std::size_t errands_ = 0;

  std::optional<std::string> username_;
  std::optional<account_limits> limits_;
  bool asking_user_ = false;
  bool asking_limits_ = false;
  bool limits_are_stale_ = true;
  bool limits_denied_ = false;
  timestamp limits_asked_;
  /// Those whose defaults are waited for.
  std::set<run_target> asking_targets_;

  bool stopping_ = false;
  std::vector<stop_waiter> stop_waiters_;
  std::optional<timestamp> timer_;

  /// Time flows with the actor clock, which tests move.
  timestamp wall_start_;
  caf::actor_clock::time_point clock_start_;
};

/// Starts an ACCOUNT.
account_shell::behavior_type
account(account_shell::stateful_pointer<account_state> self,
        account_config config, account_parts parts);

} // namespace orc
