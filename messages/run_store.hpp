#pragma once

#include "messages/base/error.hpp"
#include "messages/base/message.hpp"
#include "messages/run_record.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <map>
#include <utility>

namespace orc {

/// A run to be made durable under a name that may be taken already.
struct new_run {
  /// Without a key: the store gives it.
  run_record record;
  json_text input;

  static constexpr auto fields
    = describe("new_run", "A run to be made durable.",
               field("record", &new_run::record, "All but its input."),
               field("input", &new_run::input, presence::optional,
                     "What the Apify actor gets."));
};

/// Asks the PERSISTENCE to make runs durable. The order counts: keys grow.
struct insert_runs {
  std::vector<new_run> runs;

  static constexpr auto fields
    = describe("insert_runs", "Makes runs durable.",
               field("runs", &insert_runs::runs, "At most 10,000."));
};

/// What became of one `new_run`.
struct inserted_run {
  /// As it is stored: the one that had the name before, if `joined`.
  run_record record;
  bool joined = false;

  static constexpr auto fields
    = describe("inserted_run", "What became of a new run.",
               field("record", &inserted_run::record, "As it is stored."),
               field("joined", &inserted_run::joined, "Was the name taken?"));
};

/// Answers `insert_runs`, in its order.
struct inserted_runs {
  std::vector<inserted_run> runs;

  static constexpr auto fields
    = describe("inserted_runs", "Answers insert_runs.",
               field("runs", &inserted_runs::runs, "In the same order."));
};

/// Asks the PERSISTENCE to replace what it knows of a run. Binds the run ids of
/// all its attempts to it.
struct save_run {
  run_record record;
  /// Also replaces the input, if not empty.
  json_text input;

  static constexpr auto fields
    = describe("save_run", "Replaces what is durable about a run.",
               field("record", &save_run::record, "All but its input."),
               field("input", &save_run::input, presence::optional,
                     "The new input, if it changes."));
};

/// Answers what has nothing to tell but that it is done and durable.
struct saved {
  static constexpr auto fields = describe("saved", "It is durable.");
};

/// Asks for one run by its key, input included.
struct load_run {
  run_key key;

  static constexpr auto fields
    = describe("load_run", "Asks for a run and its input.",
               field("key", &load_run::key, "Its key."));
};

struct loaded_run {
  run_record record;
  json_text input;

  static constexpr auto fields
    = describe("loaded_run", "Answers load_run.",
               field("record", &loaded_run::record, "All but its input."),
               field("input", &loaded_run::input, "Its input."));
};

/// Asks for one run by its name.
struct find_run {
  run_ref ref;

  static constexpr auto fields
    = describe("find_run", "Asks for a run by its name.",
               field("ref", &find_run::ref, "Namespace and name."));
};

/// Asks for a page of runs, newest first.
struct list_runs {
  /// Only this namespace, unless empty.
  std::string space;
  /// Only these states, unless empty.
  std::vector<run_state> states;
  /// 1 to 1000.
  std::uint32_t limit = 100;
  /// Where the page before ended; empty for the first.
  std::string cursor;

  static constexpr auto fields
    = describe("list_runs", "Asks for a page of runs, newest first.",
               field("namespace", &list_runs::space, "Only this one."),
               field("states", &list_runs::states, "Only these."),
               field("limit", &list_runs::limit, "1 to 1000."),
               field("cursor", &list_runs::cursor, "Where to go on."));
};

/// Answers `list_runs`.
struct record_page {
  std::vector<run_record> records;
  /// Empty on the last page.
  std::string next_cursor;

  static constexpr auto fields
    = describe("record_page", "A page of runs.",
               field("records", &record_page::records, "Newest first."),
               field("nextCursor", &record_page::next_cursor, "Or empty."));
};

/// A run that waits in an ACCOUNT's queue: as little as admission needs, since
/// there may be a million of them.
struct queued_run {
  run_key key;
  std::string account;
  std::string space;
  run_target target;
  std::optional<mebibytes> memory;
  std::int32_t priority = 0;
  std::optional<timestamp> not_before;

  static constexpr auto fields
    = describe("queued_run", "A run that waits.",
               field("key", &queued_run::key, "Its key."),
               field("account", &queued_run::account, "Where it waits."),
               field("namespace", &queued_run::space, "For fairness."),
               field("target", &queued_run::target, "What it starts."),
               field("memory", &queued_run::memory, "What it asks for."),
               field("priority", &queued_run::priority, "Higher first."),
               field("notBefore", &queued_run::not_before, "Earliest start."));
};

/// @returns what admission needs to know of a run.
inline queued_run to_queued(const run_record& x) {
  return {x.key,      x.view.account, x.view.space, x.target, x.options.memory,
          x.priority, x.not_before};
}

/// Asks for what a restart has to take up again: runs that are not final, by
/// growing key, in pages.
struct load_unfinished {
  run_key after;
  std::uint32_t limit = 10'000;

  static constexpr auto fields
    = describe("load_unfinished", "Asks for runs that are not final.",
               field("after", &load_unfinished::after, "Keys above this."),
               field("limit", &load_unfinished::limit, "Most of them."));
};

/// Answers `load_unfinished`.
struct unfinished_runs {
  std::vector<queued_run> queued;
  /// Those that are starting or running.
  std::vector<run_record> live;
  run_key last;
  bool complete = false;

  static constexpr auto fields = describe(
    "unfinished_runs", "Runs that are not final.",
    field("queued", &unfinished_runs::queued, "They wait."),
    field("live", &unfinished_runs::live, "They are starting or running."),
    field("last", &unfinished_runs::last, "Ask on from here."),
    field("complete", &unfinished_runs::complete, "Was this the last page?"));
};

/// Asks which of some platform runs are bound to runs of ours.
struct find_bound {
  std::vector<std::string> run_ids;

  static constexpr auto fields
    = describe("find_bound", "Asks whose platform runs these are.",
               field("runIds", &find_bound::run_ids, "The platform's ids."));
};

struct bound_runs {
  std::map<std::string, run_key> owners;

  static constexpr auto fields
    = describe("bound_runs", "Answers find_bound.",
               field("owners", &bound_runs::owners, "Those that are bound."));
};

/// How many runs there are of each kind, and what they brought and cost.
struct run_totals {
  /// By name of the state.
  std::map<std::string, std::uint64_t> states;
  /// Final runs by the platform's status.
  std::map<std::string, std::uint64_t> statuses;
  std::uint64_t item_count = 0;
  double usage_total_usd = 0;

  static constexpr auto fields = describe(
    "run_totals", "How many runs there are, what they brought and cost.",
    field("states", &run_totals::states, "Runs by state."),
    field("statuses", &run_totals::statuses,
          "Final runs by the platform's status."),
    field("itemCount", &run_totals::item_count, "Items of final runs."),
    field("usageTotalUsd", &run_totals::usage_total_usd, presence::required,
          "USD", "What all runs cost so far."));
};

/// Asks for `run_totals` of one namespace, or of all if empty.
struct load_totals {
  std::string space;

  static constexpr auto fields
    = describe("load_totals", "Asks for totals.",
               field("namespace", &load_totals::space, "Only this one."));
};

/// An account that came with a run's own token.
struct stored_account {
  std::string name;
  secret token;

  static constexpr auto fields
    = describe("stored_account", "An account that came with a run.",
               field("name", &stored_account::name, "token-…"),
               field("token", &stored_account::token, "Sealed on disk."));
};

/// Keeps an account's token, sealed.
struct save_account {
  stored_account account;

  static constexpr auto fields
    = describe("save_account", "Keeps an account's token, sealed.",
               field("account", &save_account::account, "What to keep."));
};

struct load_accounts {
  static constexpr auto fields
    = describe("load_accounts", "Asks for all accounts that are kept.");
};

struct stored_accounts {
  std::vector<stored_account> accounts;

  static constexpr auto fields
    = describe("stored_accounts", "Answers load_accounts.",
               field("accounts", &stored_accounts::accounts, "All."));
};

/// Removes final runs that finished before a time.
struct prune_runs {
  timestamp finished_before;

  static constexpr auto fields = describe(
    "prune_runs", "Removes old final runs.",
    field("finishedBefore", &prune_runs::finished_before, "Age limit."));
};

struct pruned_runs {
  std::uint64_t count = 0;

  static constexpr auto fields
    = describe("pruned_runs", "Answers prune_runs.",
               field("count", &pruned_runs::count, "How many."));
};

/// Asks whether the store can be written, and who it is.
struct check_store {
  static constexpr auto fields
    = describe("check_store", "Asks whether the store can be written.");
};

struct store_health {
  /// Unique to this store: part of every marker.
  std::string instance;
  std::uint64_t size_bytes = 0;

  static constexpr auto fields = describe(
    "store_health", "The store can be written.",
    field("instance", &store_health::instance, "Unique to this store."),
    field("sizeBytes", &store_health::size_bytes, presence::required, "B",
          "On disk."));
};

/// The PERSISTENCE interface: durable state. Every answer to a write comes
/// after it is durable; whatever waits in the mailbox shares one commit. Fails
/// with `ec::store_failed` when the disk does.
using run_store_actor = caf::typed_actor<
  // Stores what has a new name, finds what has a known one. Fails with
  // `ec::name_conflict` if a known one has another target, and stores nothing
  // then.
  caf::replies_to<insert_runs>::with<inserted_runs>,
  // Fails with `ec::already_bound` if another run has one of the run ids, with
  // `ec::stale_save` if the revision is not newer than the stored one, and
  // changes nothing then.
  caf::replies_to<save_run>::with<saved>,
  // Fails with `ec::unknown_run`.
  caf::replies_to<load_run>::with<loaded_run>,
  // Fails with `ec::unknown_run`.
  caf::replies_to<find_run>::with<run_record>,
  // Fails with `ec::bad_field` if the cursor is none of ours.
  caf::replies_to<list_runs>::with<record_page>,
  caf::replies_to<load_unfinished>::with<unfinished_runs>,
  caf::replies_to<find_bound>::with<bound_runs>,
  caf::replies_to<load_totals>::with<run_totals>,
  caf::replies_to<save_account>::with<saved>,
  // Fails with `ec::wrong_key`.
  caf::replies_to<load_accounts>::with<stored_accounts>,
  caf::replies_to<prune_runs>::with<pruned_runs>,
  caf::replies_to<check_store>::with<store_health>>;

} // namespace orc

#define ORC_RUN_STORE_MESSAGES(X)                                              \
  X(orc::insert_runs)                                                          \
  X(orc::inserted_runs)                                                        \
  X(orc::save_run)                                                             \
  X(orc::saved)                                                                \
  X(orc::load_run)                                                             \
  X(orc::loaded_run)                                                           \
  X(orc::find_run)                                                             \
  X(orc::list_runs)                                                            \
  X(orc::record_page)                                                          \
  X(orc::load_unfinished)                                                      \
  X(orc::unfinished_runs)                                                      \
  X(orc::find_bound)                                                           \
  X(orc::bound_runs)                                                           \
  X(orc::run_totals)                                                           \
  X(orc::load_totals)                                                          \
  X(orc::save_account)                                                         \
  X(orc::load_accounts)                                                        \
  X(orc::stored_accounts)                                                      \
  X(orc::prune_runs)                                                           \
  X(orc::pruned_runs)                                                          \
  X(orc::check_store)                                                          \
  X(orc::store_health)

ORC_RUN_STORE_MESSAGES(ORC_DECLARE_MESSAGE)
