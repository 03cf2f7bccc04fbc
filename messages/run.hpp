#pragma once

#include "messages/attempt.hpp"
#include "messages/base/message.hpp"

#include <vector>

namespace orc {

/// A run as users see it.
struct run {
  std::string name;
  std::string space = "default";
  std::optional<std::string> batch;
  run_state state = run_state::queued;
  std::optional<remote_status> status;
  std::optional<std::string> reason;
  std::optional<std::string> actor;
  std::optional<std::string> task;
  std::string account;
  std::optional<std::string> run_id;
  std::vector<attempt> attempts;
  std::optional<mebibytes> memory;
  std::optional<std::string> dataset_id;
  std::optional<std::string> key_value_store_id;
  std::optional<std::uint64_t> item_count;
  std::optional<double> usage_total_usd;
  std::optional<double> budget_usd;
  timestamp submitted_at;
  std::optional<timestamp> started_at;
  std::optional<timestamp> finished_at;
  std::optional<run_error> error;

  static constexpr auto fields = describe(
    "run", "A run, through all its attempts.",
    field("name", &run::name, "Unique in its namespace."),
    field("namespace", &run::space, "Isolates names."),
    field("batch", &run::batch, presence::optional,
          "Batch of its namespace that it belongs to."),
    field("state", &run::state,
          "queued, starting, running; finally finished, cancelled, refused "
          "or lost."),
    field("status", &run::status, presence::nullable,
          "The platform's status of the last attempt; null before it starts."),
    field("reason", &run::reason, presence::nullable,
          "Why it waits, or what the platform says about it."),
    field("actor", &run::actor, presence::nullable, "The Apify actor."),
    field("task", &run::task, presence::nullable, "The Apify task, if any."),
    field("account", &run::account, "The account it runs on."),
    field("runId", &run::run_id, presence::nullable,
          "The platform's id of the last attempt."),
    field("attempts", &run::attempts, "All attempts, oldest first."),
    field("memoryMbytes", &run::memory, presence::nullable, "MiB",
          "What it was given, or what it asks for."),
    field("defaultDatasetId", &run::dataset_id, presence::nullable,
          "Where its items are."),
    field("defaultKeyValueStoreId", &run::key_value_store_id,
          presence::nullable, "Where its input and records are."),
    field("itemCount", &run::item_count, presence::nullable,
          "Items in its dataset once it is final; the platform's count may "
          "lag by 5 s."),
    field("usageTotalUsd", &run::usage_total_usd, presence::nullable, "USD",
          "What all attempts cost."),
    field("budgetUsd", &run::budget_usd, presence::optional, "USD",
          "Most money for all its attempts together."),
    field("submittedAt", &run::submitted_at, "When it was first submitted."),
    field("startedAt", &run::started_at, presence::nullable,
          "When the platform started its first attempt."),
    field("finishedAt", &run::finished_at, presence::nullable,
          "When it became final."),
    field("error", &run::error, presence::nullable,
          "Why it failed, was refused or lost."));
};

/// How many of its attempts a run has used. A resurrection is one too, or a run
/// that always times out would go on for ever.
inline std::uint32_t attempts_used(const run& x) {
  std::uint32_t used = 0;
  for (const auto& attempt : x.attempts)
    used += 1 + attempt.resurrections;
  return used;
}

/// Whether a run did what it was asked to do.
inline bool succeeded(const run& x) {
  return x.state == run_state::finished && x.status == remote_status::succeeded;
}

} // namespace orc

#define ORC_RUN_MESSAGES(X) X(orc::run)

ORC_RUN_MESSAGES(ORC_DECLARE_MESSAGE)
