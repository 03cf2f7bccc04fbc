#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/message.hpp"
#include "messages/base/names.hpp"
#include "messages/base/secret.hpp"
#include "messages/base/timestamp.hpp"
#include "messages/base/units.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orc {

/// Where a run is in its life; see docs/run_lifecycle.md.
enum class run_state : std::uint8_t {
  /// Durable, waits for memory, a run slot or its next attempt.
  queued,
  /// The intent to start is durable; the platform may know the run or not.
  starting,
  /// The platform runs it.
  running,
  /// The platform finished it; `status` tells how. Final.
  finished,
  /// Aborted before it was started. Final.
  cancelled,
  /// Can never start: `error` tells why. Final.
  refused,
  /// The platform no longer knows it. Final.
  lost,
};

template <>
struct enum_names<run_state> {
  static constexpr std::array<std::string_view, 7> values{
    "queued",    "starting", "running", "finished",
    "cancelled", "refused",  "lost"};
};

constexpr bool is_final(run_state x) {
  return x >= run_state::finished;
}

/// The platform's word for the state of one of its runs.
enum class remote_status : std::uint8_t {
  ready,
  running,
  succeeded,
  failed,
  timing_out,
  timed_out,
  aborting,
  aborted,
};

template <>
struct enum_names<remote_status> {
  static constexpr std::array<std::string_view, 8> values{
    "READY",      "RUNNING",   "SUCCEEDED", "FAILED",
    "TIMING-OUT", "TIMED-OUT", "ABORTING",  "ABORTED"};
};

constexpr bool is_terminal(remote_status x) {
  return x == remote_status::succeeded || x == remote_status::failed
         || x == remote_status::timed_out || x == remote_status::aborted;
}

/// What to do with a run whose last attempt ended in a certain way.
enum class end_policy : std::uint8_t {
  /// Hand it out as it is.
  hand_out,
  /// Start it anew.
  restart,
  /// Let the same platform run continue, with the storages it has.
  resurrect,
};

template <>
struct enum_names<end_policy> {
  static constexpr std::array<std::string_view, 3> values{"return", "restart",
                                                          "resurrect"};
};

/// Names a run: unique in its namespace.
struct run_ref {
  std::string space = "default";
  std::string name;

  friend auto operator<=>(const run_ref&, const run_ref&) = default;

  static constexpr auto fields
    = describe("run_ref", "Names a run.",
               field("namespace", &run_ref::space, presence::optional,
                     "Isolates names; `default` if not given."),
               field("name", &run_ref::name, "Unique in its namespace."));
};

/// How the platform shall run it. What is not given is the platform's default.
struct run_options {
  std::optional<mebibytes> memory;
  std::optional<std::int64_t> timeout_secs;
  std::optional<std::string> build;
  std::optional<std::int64_t> max_items;
  std::optional<double> max_total_charge_usd;
  std::optional<bool> restart_on_error;
  json_text webhooks;

  friend bool operator==(const run_options&, const run_options&) = default;

  static constexpr auto fields = describe(
    "run_options", "How the platform shall run it.",
    field("memoryMbytes", &run_options::memory, presence::optional, "MiB",
          "A power of two, 128 to 32768."),
    field("timeoutSecs", &run_options::timeout_secs, presence::optional, "s",
          "The platform ends the run after so long; 0 means never."),
    field("build", &run_options::build, presence::optional,
          "Tag or number of the build to run."),
    field("maxItems", &run_options::max_items, presence::optional,
          "Most items to be charged for, at least 1."),
    field("maxTotalChargeUsd", &run_options::max_total_charge_usd,
          presence::optional, "USD", "Most money to be charged, above 0."),
    field("restartOnError", &run_options::restart_on_error, presence::optional,
          "Whether the platform restarts the run when it fails."),
    field("webhooks", &run_options::webhooks, presence::optional,
          "Array of the platform's ad-hoc webhooks for this run."));
};

/// Asks for a run: what a plan, `POST /api/v1/runs` and the bus take.
struct run_request {
  std::string name;
  std::string space = "default";
  std::string actor;
  std::string task;
  json_text input;
  run_options options;
  std::string account;
  secret token;
  std::uint32_t attempts = 1;
  std::int32_t priority = 0;
  end_policy on_succeeded = end_policy::hand_out;
  end_policy on_aborted = end_policy::resurrect;
  end_policy on_timed_out = end_policy::resurrect;

  static constexpr auto fields = describe(
    "run_request", "Asks for a run of an Apify actor or an Apify task.",
    field("name", &run_request::name, presence::optional,
          "Unique in its namespace; the same name again joins. 1 to 200 "
          "letters, digits and `-_./:@`; made where none is given."),
    field("namespace", &run_request::space, presence::optional,
          "Isolates names; `default` if not given."),
    field("actor", &run_request::actor, presence::optional,
          "Id or `user/name` of an Apify actor; this or `task`."),
    field("task", &run_request::task, presence::optional,
          "Id or `user/name` of an Apify task; this or `actor`."),
    field("input", &run_request::input, presence::optional,
          "Any JSON, at most 9,437,184 bytes; for a task an object that "
          "overrides its saved input."),
    field("options", &run_request::options, presence::optional,
          "How the platform shall run it."),
    field("account", &run_request::account, presence::optional,
          "Name of a configured account; the default account if not given."),
    field("token", &run_request::token, presence::optional,
          "Apify token of the account to use; kept sealed, never shown."),
    field("attempts", &run_request::attempts, presence::optional,
          "How often it may be started in all, 1 to 100."),
    field("priority", &run_request::priority, presence::optional,
          "Higher starts earlier, -1000 to 1000."),
    field("onSucceeded", &run_request::on_succeeded, presence::optional,
          "When the name has SUCCEEDED already: return or restart."),
    field("onAborted", &run_request::on_aborted, presence::optional,
          "When it was ABORTED: return, restart or resurrect."),
    field("onTimedOut", &run_request::on_timed_out, presence::optional,
          "When it has TIMED-OUT: return, restart or resurrect."));
};

/// Why a run failed or cannot start.
struct run_error {
  std::string type;
  std::string message;

  friend bool operator==(const run_error&, const run_error&) = default;

  static constexpr auto fields
    = describe("run_error", "Why a run failed or cannot start.",
               field("type", &run_error::type,
                     "The platform's error type, or one of ours."),
               field("message", &run_error::message, "One sentence."));
};

/// One platform run of a run.
struct attempt {
  std::uint32_t number = 1;
  std::optional<std::string> run_id;
  std::optional<remote_status> status;
  std::optional<timestamp> started_at;
  std::optional<timestamp> finished_at;
  std::optional<std::int64_t> exit_code;
  std::optional<double> usage_total_usd;
  std::uint32_t resurrections = 0;
  std::optional<run_error> error;

  friend bool operator==(const attempt&, const attempt&) = default;

  static constexpr auto fields = describe(
    "attempt", "One platform run of a run.",
    field("number", &attempt::number, "From 1."),
    field("runId", &attempt::run_id, presence::nullable,
          "The platform's id; null until it is known."),
    field("status", &attempt::status, presence::nullable,
          "The platform's status, last seen."),
    field("startedAt", &attempt::started_at, presence::nullable,
          "When the platform started it."),
    field("finishedAt", &attempt::finished_at, presence::nullable,
          "When the platform finished it."),
    field("exitCode", &attempt::exit_code, presence::nullable,
          "Of its main process."),
    field("usageTotalUsd", &attempt::usage_total_usd, presence::nullable, "USD",
          "What it cost; preliminary for about 10 s after the end."),
    field("resurrections", &attempt::resurrections, presence::optional,
          "How often it was resurrected."),
    field("error", &attempt::error, presence::optional,
          "Why it could not be started or was given up."));
};

/// A run as users see it.
struct run {
  std::string name;
  std::string space = "default";
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
  timestamp submitted_at;
  std::optional<timestamp> started_at;
  std::optional<timestamp> finished_at;
  std::optional<run_error> error;

  static constexpr auto fields = describe(
    "run", "A run, through all its attempts.",
    field("name", &run::name, "Unique in its namespace."),
    field("namespace", &run::space, "Isolates names."),
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
