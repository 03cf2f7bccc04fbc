#pragma once

#include "messages/base/message.hpp"
#include "messages/run_record.hpp"

namespace orc {

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

/// Asks for finished runs of an account whose items and cost are preliminary,
/// the oldest ends first.
struct load_unsettled {
  std::string account;
  std::uint32_t limit = 1000;

  static constexpr auto fields
    = describe("load_unsettled", "Asks for runs that are to be settled.",
               field("account", &load_unsettled::account, "Whose."),
               field("limit", &load_unsettled::limit, "Most of them."));
};

/// Answers `load_unsettled`.
struct unsettled_runs {
  std::vector<run_record> records;

  static constexpr auto fields
    = describe("unsettled_runs", "Answers load_unsettled.",
               field("records", &unsettled_runs::records, "Oldest end first."));
};

} // namespace orc

#define ORC_RUN_STORE_RECOVERY_MESSAGES(X)                                     \
  X(orc::load_unfinished)                                                      \
  X(orc::unfinished_runs)                                                      \
  X(orc::load_unsettled)                                                       \
  X(orc::unsettled_runs)

ORC_RUN_STORE_RECOVERY_MESSAGES(ORC_DECLARE_MESSAGE)
