#pragma once

#include "messages/base/message.hpp"
#include "messages/event.hpp"
#include "messages/run_record.hpp"

#include <vector>

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
  /// What is to be told of it that the step itself does not show: owed to the
  /// bus exactly if the step is durable.
  std::vector<publish_event> facts = {};

  static constexpr auto fields
    = describe("save_run", "Replaces what is durable about a run.",
               field("record", &save_run::record, "All but its input."),
               field("input", &save_run::input, presence::optional,
                     "The new input, if it changes."),
               field("facts", &save_run::facts, presence::optional,
                     "What is to be told of it."));
};

/// Asks the PERSISTENCE to replace what it knows of a final run, if that has
/// not changed since. Its revision stays: who is about to take the run on again
/// need not know that its items or cost became known meanwhile.
struct settle_run {
  run_record record;

  static constexpr auto fields
    = describe("settle_run", "Replaces what became known of a final run.",
               field("record", &settle_run::record, "With its revision."));
};

/// Answers what has nothing to tell but that it is done and durable.
struct saved {
  static constexpr auto fields = describe("saved", "It is durable.");
};

} // namespace orc

#define ORC_RUN_STORE_SAVING_MESSAGES(X)                                       \
  X(orc::insert_runs)                                                          \
  X(orc::inserted_runs)                                                        \
  X(orc::save_run)                                                             \
  X(orc::settle_run)                                                           \
  X(orc::saved)

ORC_RUN_STORE_SAVING_MESSAGES(ORC_DECLARE_MESSAGE)
