#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orc {

/// What the runs of one Apify actor or task will take, judged by those that
/// ended before.
struct target_estimate {
  std::string target;
  bool is_task = false;
  std::uint64_t runs = 0;
  std::optional<mebibytes> memory;
  std::uint64_t samples = 0;
  std::string source;
  std::optional<double> median_secs;
  std::optional<double> p90_secs;
  std::optional<double> median_usd;
  std::optional<double> p90_usd;

  static constexpr auto fields = describe(
    "target_estimate", "What the runs of one Apify actor or task will take.",
    field("target", &target_estimate::target, "Id or `user/name`."),
    field("isTask", &target_estimate::is_task, "Whether it is a task."),
    field("runs", &target_estimate::runs, "Of the plan."),
    field("memoryMbytes", &target_estimate::memory, presence::nullable, "MiB",
          "Of a run that says nothing itself; null: unknown."),
    field("samples", &target_estimate::samples,
          "How many runs of the past this comes from."),
    field("source", &target_estimate::source,
          "Where they were found: `store`, `platform` or `none`."),
    field("medianSecs", &target_estimate::median_secs, presence::nullable, "s",
          "Half of the runs took no longer."),
    field("p90Secs", &target_estimate::p90_secs, presence::nullable, "s",
          "Nine of ten runs took no longer."),
    field("medianUsd", &target_estimate::median_usd, presence::nullable, "USD",
          "Half of the runs cost no more; of one run."),
    field("p90Usd", &target_estimate::p90_usd, presence::nullable, "USD",
          "Nine of ten runs cost no more; of one run."));
};

/// What a plan will take.
struct plan_estimate {
  std::uint64_t runs = 0;
  std::uint64_t done = 0;
  std::uint64_t unknown = 0;
  std::uint64_t never_fit = 0;
  double median_wall_secs = 0;
  double p90_wall_secs = 0;
  double median_usd = 0;
  double p90_usd = 0;
  std::optional<mebibytes> memory_limit;
  std::optional<std::uint64_t> run_limit;
  std::string limits_from;
  std::vector<target_estimate> targets;

  static constexpr auto fields = describe(
    "plan_estimate", "What a plan will take.",
    field("runs", &plan_estimate::runs, "All of the plan."),
    field("done", &plan_estimate::done,
          "Have succeeded already and are not started again."),
    field("unknown", &plan_estimate::unknown,
          "Of targets that never ran: not in any sum."),
    field("neverFit", &plan_estimate::never_fit,
          "Need more memory than there is, and will be refused."),
    field("medianWallSecs", &plan_estimate::median_wall_secs,
          presence::required, "s",
          "From start to end if every run takes its median."),
    field("p90WallSecs", &plan_estimate::p90_wall_secs, presence::required, "s",
          "The same if every run takes its 90th percentile."),
    field("medianUsd", &plan_estimate::median_usd, presence::required, "USD",
          "Cost if every run costs its median."),
    field("p90Usd", &plan_estimate::p90_usd, presence::required, "USD",
          "Cost if every run costs its 90th percentile."),
    field("memoryLimitMbytes", &plan_estimate::memory_limit, presence::nullable,
          "MiB", "Shared by all runs; null: unknown."),
    field("runLimit", &plan_estimate::run_limit, presence::nullable,
          "How many run at a time; null: unknown."),
    field("limitsFrom", &plan_estimate::limits_from,
          "`platform`, `configuration`, `both` or `none`."),
    field("targets", &plan_estimate::targets, "By Apify actor or task."));
};

} // namespace orc
