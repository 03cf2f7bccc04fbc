#pragma once

#include "messages/base/message.hpp"
#include "messages/run_record.hpp"

#include <map>

namespace orc {

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

/// Asks for `run_totals` of one namespace, or of all if empty; or of one batch
/// of a namespace.
struct load_totals {
  std::string space;
  std::string batch = {};

  static constexpr auto fields
    = describe("load_totals", "Asks for totals.",
               field("namespace", &load_totals::space, "Only this one."),
               field("batch", &load_totals::batch, "Only this one of it."));
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

} // namespace orc

#define ORC_RUN_STORE_UPKEEP_MESSAGES(X)                                       \
  X(orc::run_totals)                                                           \
  X(orc::load_totals)                                                          \
  X(orc::save_account)                                                         \
  X(orc::load_accounts)                                                        \
  X(orc::stored_accounts)                                                      \
  X(orc::prune_runs)                                                           \
  X(orc::pruned_runs)                                                          \
  X(orc::check_store)                                                          \
  X(orc::store_health)

ORC_RUN_STORE_UPKEEP_MESSAGES(ORC_DECLARE_MESSAGE)
