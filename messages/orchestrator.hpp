#pragma once

#include "messages/base/message.hpp"
#include "messages/budget.hpp"
#include "messages/event.hpp"
#include "messages/report.hpp"

namespace orc {

/// Submits runs. All are durable before the answer; none if one is refused.
struct submit_runs {
  std::vector<run_request> runs;
  /// Finished FAILED runs get as many attempts again as they ask for.
  bool retry_failed = false;
  /// Put under the input of each, see `orchestrator_settings::fixed_input`.
  json_text fixed_input = {};

  static constexpr auto fields = describe(
    "submit_runs", "Submits runs.",
    field("runs", &submit_runs::runs, "At most 10,000."),
    field("retryFailed", &submit_runs::retry_failed, presence::optional,
          "Renew the attempts of FAILED runs."),
    field("fixedInput", &submit_runs::fixed_input, presence::optional,
          "Object put under the input of each; its own fields "
          "win."));
};

struct submitted_run {
  orc::run run;
  /// The name was known.
  bool joined = false;

  static constexpr auto fields
    = describe("submitted_run", "What became of a request.",
               field("run", &submitted_run::run, "As it is now."),
               field("joined", &submitted_run::joined, "Was it known?"));
};

struct submitted_runs {
  std::vector<submitted_run> runs;

  static constexpr auto fields
    = describe("submitted_runs", "Answers submit_runs.",
               field("runs", &submitted_runs::runs, "In order."));
};

struct get_run {
  run_ref ref;

  static constexpr auto fields = describe(
    "get_run", "Asks for a run.", field("ref", &get_run::ref, "Its name."));
};

/// Asks for a run once it is final.
struct wait_run {
  run_ref ref;
  /// Replies with the run as it is after so long.
  std::chrono::milliseconds at_most{0};

  template <class Inspector>
  friend auto inspect(Inspector& f, wait_run& x) {
    return f(caf::meta::type_name("wait_run"), x.ref, x.at_most);
  }
};

struct run_page {
  std::vector<run> items;
  std::optional<std::string> next_cursor;

  static constexpr auto fields
    = describe("run_page", "A page of runs.",
               field("items", &run_page::items, "Newest first."),
               field("nextCursor", &run_page::next_cursor, presence::nullable,
                     "What to ask on with; null on the last page."));
};

struct abort_named_run {
  run_ref ref;
  bool gracefully = false;

  static constexpr auto fields
    = describe("abort_named_run", "Aborts a run.",
               field("ref", &abort_named_run::ref, "Its name."),
               field("gracefully", &abort_named_run::gracefully, "30 s."));
};

/// Aborts some runs, or all that are not final.
struct abort_runs {
  std::string space = "default";
  /// Only these; all if empty and `all`.
  std::vector<std::string> names;
  bool all = false;
  bool gracefully = false;

  static constexpr auto fields = describe(
    "abort_runs", "Aborts some runs, or all that are not final.",
    field("namespace", &abort_runs::space, presence::optional, "Where."),
    field("names", &abort_runs::names, presence::optional, "Which."),
    field("all", &abort_runs::all, presence::optional,
          "All that are not final."),
    field("gracefully", &abort_runs::gracefully, presence::optional,
          "Give each 30 s to end by itself."));
};

struct aborted_runs {
  std::uint64_t count = 0;
  /// Names that no run has.
  std::vector<std::string> unknown;

  static constexpr auto fields = describe(
    "aborted_runs", "Answers abort_runs.",
    field("aborted", &aborted_runs::count,
          "Runs that were not final and are being aborted."),
    field("unknown", &aborted_runs::unknown, "Names that no run has."));
};

struct get_report {
  std::string space;
  /// Also asks the platform how many items live runs have by now.
  bool count_live = false;

  static constexpr auto fields = describe(
    "get_report", "Asks how everything stands.",
    field("namespace", &get_report::space, "Only this one."),
    field("countLive", &get_report::count_live, "Count items of live runs."));
};

struct get_accounts {
  static constexpr auto fields
    = describe("get_accounts", "Asks for all accounts in use.");
};

struct account_views {
  std::vector<account_view> items;

  static constexpr auto fields
    = describe("accounts", "All accounts in use.",
               field("items", &account_views::items, "By name."));
};

/// Asks for a page of the items of a run's dataset.
struct read_items {
  run_ref ref;
  get_items page;

  static constexpr auto fields
    = describe("read_items", "Asks for a page of a run's items.",
               field("ref", &read_items::ref, "Whose."),
               field("page", &read_items::page, "Its dataset id is ignored."));
};

/// Asks whether the service is ready: recovered, and its store can be written.
struct get_readiness {
  static constexpr auto fields
    = describe("get_readiness", "Asks whether the service is ready.");
};

struct readiness {
  bool ready = false;
  std::string reason;

  static constexpr auto fields
    = describe("readiness", "Whether the service is ready.",
               field("ready", &readiness::ready, "Is it?"),
               field("reason", &readiness::reason, "Why not."));
};

/// Tells the ORCHESTRATOR that a run became final and that is durable.
struct run_finished {
  run_key key;
  orc::run run;

  static constexpr auto fields
    = describe("run_finished", "A run became final.",
               field("key", &run_finished::key, "Which."),
               field("run", &run_finished::run, "As it is now."));
};

/// Stops the service: nothing new starts; with `abort` all live runs are
/// aborted and the answer comes when they are final.
struct stop_service {
  bool abort = false;

  static constexpr auto fields
    = describe("stop_service", "Stops the service.",
               field("abort", &stop_service::abort, "Abort live runs?"));
};

/// The ORCHESTRATOR interface: the front door that the CLI, HTTP and embedding
/// share. Requests that name a run fail with `ec::unknown_run` if there is
/// none.
using orchestrator_actor = caf::typed_actor<
  // Fails with `ec::bad_field`, `ec::duplicate_name`, `ec::input_too_large`,
  // `ec::unknown_account`, `ec::name_conflict`, `ec::stopping` or
  // `ec::store_failed`; the message names run and field.
  caf::replies_to<submit_runs>::with<submitted_runs>,
  caf::replies_to<get_run>::with<run>, caf::replies_to<wait_run>::with<run>,
  caf::replies_to<list_runs>::with<run_page>,
  caf::replies_to<abort_named_run>::with<run>,
  caf::replies_to<abort_runs>::with<aborted_runs>,
  caf::replies_to<get_report>::with<report>,
  caf::replies_to<get_accounts>::with<account_views>,
  // Fails as the APIFY API does; an empty page if the run has no dataset yet.
  caf::replies_to<read_items>::with<items_page>,
  caf::replies_to<get_budgets>::with<budget_views>,
  // Makes a budget or changes it, and replies once that is durable. Fails with
  // `ec::bad_field`.
  caf::replies_to<set_budget>::with<budget_view>,
  caf::replies_to<get_readiness>::with<readiness>, caf::reacts_to<run_finished>,
  caf::replies_to<stop_service>::with<account_stopped>>;

} // namespace orc

#define ORC_ORCHESTRATOR_MESSAGES(X)                                           \
  X(orc::submit_runs)                                                          \
  X(orc::submitted_runs)                                                       \
  X(orc::get_run)                                                              \
  X(orc::wait_run)                                                             \
  X(orc::run_page)                                                             \
  X(orc::abort_named_run)                                                      \
  X(orc::abort_runs)                                                           \
  X(orc::aborted_runs)                                                         \
  X(orc::get_report)                                                           \
  X(orc::get_accounts)                                                         \
  X(orc::account_views)                                                        \
  X(orc::read_items)                                                           \
  X(orc::get_readiness)                                                        \
  X(orc::readiness)                                                            \
  X(orc::run_finished)                                                         \
  X(orc::stop_service)

ORC_ORCHESTRATOR_MESSAGES(ORC_DECLARE_MESSAGE)
