#pragma once

#include "messages/base/message.hpp"
#include "messages/run_store.hpp"

namespace orc {

/// What one platform run of an Apify actor or task took and cost.
struct target_sample {
  run_target target;
  std::optional<mebibytes> memory;
  double secs = 0;
  /// Nothing if the platform never told.
  std::optional<double> usd;
  timestamp at;

  static constexpr auto fields = describe(
    "target_sample", "What one platform run took and cost.",
    field("target", &target_sample::target, "Of what."),
    field("memory", &target_sample::memory, presence::optional, "Its memory."),
    field("secs", &target_sample::secs, presence::required, "s", "Duration."),
    field("usd", &target_sample::usd, presence::optional, "USD", "Cost."),
    field("at", &target_sample::at, "When it ended."));
};

/// Keeps samples; of each target only the newest 200.
struct save_samples {
  std::vector<target_sample> samples;

  static constexpr auto fields
    = describe("save_samples", "Keeps samples.",
               field("samples", &save_samples::samples, "In order of time."));
};

struct load_samples {
  static constexpr auto fields
    = describe("load_samples", "Asks for all samples that are kept.");
};

struct kept_samples {
  std::vector<target_sample> samples;

  static constexpr auto fields
    = describe("kept_samples", "Answers load_samples.",
               field("samples", &kept_samples::samples, "Oldest first."));
};

/// What the PERSISTENCE keeps for the HISTORY.
using sample_store_actor
  = caf::typed_actor<caf::replies_to<save_samples>::with<saved>,
                     caf::replies_to<load_samples>::with<kept_samples>>;

/// Asks what runs of a target usually take.
struct get_target_history {
  run_target target;

  static constexpr auto fields
    = describe("get_target_history", "Asks what runs of a target take.",
               field("target", &get_target_history::target, "Of what."));
};

/// What runs of a target took, from its newest 200. The 90th percentile is what
/// nine of ten do not exceed.
struct target_history {
  run_target target;
  std::uint64_t runs = 0;
  double mean_secs = 0;
  double p90_secs = 0;
  /// Of how many the cost is known.
  std::uint64_t priced_runs = 0;
  double mean_usd = 0;
  double p90_usd = 0;

  static constexpr auto fields
    = describe("target_history", "What runs of a target took.",
               field("target", &target_history::target, "Of what."),
               field("runs", &target_history::runs, "How many are remembered."),
               field("meanSecs", &target_history::mean_secs, presence::required,
                     "s", "Their mean duration."),
               field("p90Secs", &target_history::p90_secs, presence::required,
                     "s", "What nine of ten do not exceed."),
               field("pricedRuns", &target_history::priced_runs,
                     "Of how many the cost is known."),
               field("meanUsd", &target_history::mean_usd, presence::required,
                     "USD", "Their mean cost."),
               field("p90Usd", &target_history::p90_usd, presence::required,
                     "USD", "What nine of ten do not exceed."));
};

/// The HISTORY interface: what runs of each target took and cost. Replies at
/// once; with no runs if there were none.
using history_actor
  = caf::typed_actor<caf::replies_to<get_target_history>::with<target_history>>;

} // namespace orc

#define ORC_TARGET_HISTORY_MESSAGES(X)                                         \
  X(orc::save_samples)                                                         \
  X(orc::load_samples)                                                         \
  X(orc::kept_samples)                                                         \
  X(orc::get_target_history)                                                   \
  X(orc::target_history)

ORC_TARGET_HISTORY_MESSAGES(ORC_DECLARE_MESSAGE)
