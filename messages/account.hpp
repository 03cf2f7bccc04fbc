#pragma once

#include "messages/apify_api.hpp"
#include "messages/base/message.hpp"
#include "messages/run_store.hpp"

namespace orc {

/// Hands runs that are durable as `queued` to their ACCOUNT.
struct enqueue_runs {
  std::vector<queued_run> runs;

  static constexpr auto fields
    = describe("enqueue_runs", "Hands runs to their ACCOUNT.",
               field("runs", &enqueue_runs::runs, "In order."));
};

/// Hands runs that are durable as `starting` or `running` to their ACCOUNT,
/// after a restart.
struct resume_runs {
  std::vector<run_record> runs;

  static constexpr auto fields
    = describe("resume_runs", "Hands live runs to their ACCOUNT.",
               field("runs", &resume_runs::runs, "Starting or running."));
};

/// Aborts a run, wherever it is: taken from the queue it is cancelled, else the
/// platform is asked to abort it.
struct abort_run {
  run_key key;
  /// Gives the platform run 30 s to end by itself.
  bool gracefully = false;

  static constexpr auto fields
    = describe("abort_run", "Aborts a run.",
               field("key", &abort_run::key, "Which."),
               field("gracefully", &abort_run::gracefully, "30 s."));
};

/// Tells its ACCOUNT what the platform really gave a run.
struct run_started {
  run_key key;
  mebibytes memory;

  static constexpr auto fields
    = describe("run_started", "The platform runs it.",
               field("key", &run_started::key, "Which."),
               field("memory", &run_started::memory, "Really given."));
};

/// Gives a run back to its ACCOUNT: it did not start, and shall be tried again.
struct run_returned {
  queued_run run;
  /// Why: `memory_refused`, `slots_refused`, `rate_limited`, `not_sent`,
  /// `budget_reached`, or `none` for the next attempt of a run that failed.
  ec why = ec::none;
  /// With `budget_reached`: the budget that has too little left, and why in one
  /// sentence. The run waits until `budget_opened`.
  std::string budget = {};
  std::string reason = {};
  /// Only this run waits for the budget, not all that are like it.
  bool alone = false;
  /// With `budget_reached`: as in the `budget_answer`.
  std::uint64_t openings = 0;

  static constexpr auto fields
    = describe("run_returned", "It shall be tried again.",
               field("run", &run_returned::run, "Back to the queue."),
               field("why", &run_returned::why, "The refusal."),
               field("budget", &run_returned::budget, "That it waits for."),
               field("reason", &run_returned::reason, "One sentence."),
               field("alone", &run_returned::alone, "Only this run?"),
               field("openings", &run_returned::openings, "Before that."));
};

/// Tells an ACCOUNT that a budget may have money again for runs that wait for
/// it.
struct budget_opened {
  std::string budget;
  /// How often budgets have opened so far, this time included. Denials of that
  /// budget with a lower number are older: who waits for such a one would not
  /// be told again.
  std::uint64_t openings = 0;

  static constexpr auto fields
    = describe("budget_opened", "A budget may have money again.",
               field("budget", &budget_opened::budget, "Which."),
               field("openings", &budget_opened::openings, "So far."));
};

/// Tells its ACCOUNT that a run is final: what it held is free.
struct run_ended {
  run_key key;

  static constexpr auto fields = describe(
    "run_ended", "It is final.", field("key", &run_ended::key, "Which."));
};

/// Asks why a run waits.
struct explain_wait {
  queued_run run;

  static constexpr auto fields
    = describe("explain_wait", "Asks why a run waits.",
               field("run", &explain_wait::run, "Which."));
};

/// Answers `explain_wait`: one sentence for people.
struct wait_reason {
  std::string text;

  static constexpr auto fields
    = describe("wait_reason", "Why a run waits.",
               field("text", &wait_reason::text, "One sentence."));
};

/// Asks an ACCOUNT how it is doing.
struct get_account {
  static constexpr auto fields
    = describe("get_account", "Asks an ACCOUNT how it is doing.");
};

/// An account as users see it.
struct account_view {
  std::string name;
  std::optional<std::string> username;
  std::optional<mebibytes> memory_limit;
  mebibytes memory_held;
  mebibytes memory_others;
  std::optional<std::uint64_t> run_limit;
  std::uint64_t runs_live = 0;
  std::uint64_t runs_others = 0;
  std::uint64_t runs_queued = 0;
  std::optional<double> monthly_limit_usd;
  std::optional<double> monthly_usage_usd;
  std::string limits_from;
  api_usage calls;

  static constexpr auto fields = describe(
    "account", "An Apify account.",
    field("name", &account_view::name, "As configured, or `token-…`."),
    field("username", &account_view::username, presence::nullable,
          "The platform's name of it; null until known."),
    field("memoryLimitMbytes", &account_view::memory_limit, presence::nullable,
          "MiB", "What our runs and others may use together; null: unknown."),
    field("memoryHeldMbytes", &account_view::memory_held, presence::required,
          "MiB", "Held by our runs."),
    field("memoryOthersMbytes", &account_view::memory_others,
          presence::required, "MiB", "In use by others on the account."),
    field("runLimit", &account_view::run_limit, presence::nullable,
          "How many may run at a time; null: unknown."),
    field("runsLive", &account_view::runs_live, "Ours, starting or running."),
    field("runsOthers", &account_view::runs_others, "Of others."),
    field("runsQueued", &account_view::runs_queued, "Ours, waiting."),
    field("monthlyLimitUsd", &account_view::monthly_limit_usd,
          presence::nullable, "USD", "Of the billing cycle."),
    field("monthlyUsageUsd", &account_view::monthly_usage_usd,
          presence::nullable, "USD", "Spent in the billing cycle."),
    field("limitsFrom", &account_view::limits_from,
          "How the limits are known: `platform`, `refusals` or "
          "`configuration`."),
    field("apiCalls", &account_view::calls, "Calls to the platform."));
};

/// Stops starting runs. With `abort` every live run is aborted, starts in
/// flight included, and the answer comes when all of them are final.
struct stop_account {
  bool abort = false;

  static constexpr auto fields
    = describe("stop_account", "Stops starting runs.",
               field("abort", &stop_account::abort, "Abort live runs?"));
};

struct account_stopped {
  std::uint64_t aborted = 0;

  static constexpr auto fields
    = describe("account_stopped", "Answers stop_account.",
               field("aborted", &account_stopped::aborted, "How many."));
};

/// The ACCOUNT interface: one Apify account's memory and run slots, the queue
/// of runs that wait for them, and the RUNs that have them.
using account_actor
  = caf::typed_actor<caf::reacts_to<enqueue_runs>, caf::reacts_to<resume_runs>,
                     // Replies with the run as it is then: cancelled, or still
                     // live with the abort under way. Fails with
                     // `ec::unknown_run` if the ACCOUNT does not have it.
                     caf::replies_to<abort_run>::with<run>,
                     caf::reacts_to<run_started>, caf::reacts_to<run_returned>,
                     caf::reacts_to<run_ended>, caf::reacts_to<budget_opened>,
                     caf::replies_to<explain_wait>::with<wait_reason>,
                     caf::replies_to<get_account>::with<account_view>,
                     caf::replies_to<stop_account>::with<account_stopped>>;

} // namespace orc

#define ORC_ACCOUNT_MESSAGES(X)                                                \
  X(orc::enqueue_runs)                                                         \
  X(orc::resume_runs)                                                          \
  X(orc::abort_run)                                                            \
  X(orc::run_started)                                                          \
  X(orc::run_returned)                                                         \
  X(orc::budget_opened)                                                        \
  X(orc::run_ended)                                                            \
  X(orc::explain_wait)                                                         \
  X(orc::wait_reason)                                                          \
  X(orc::get_account)                                                          \
  X(orc::account_view)                                                         \
  X(orc::stop_account)                                                         \
  X(orc::account_stopped)

ORC_ACCOUNT_MESSAGES(ORC_DECLARE_MESSAGE)
