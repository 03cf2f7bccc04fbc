#pragma once

#include "messages/base/timestamp.hpp"
#include "messages/run_request.hpp"

namespace orc {

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
  std::optional<mebibytes> memory;
  std::optional<double> reserved_usd;
  std::uint32_t migrations = 0;
  std::uint32_t reboots = 0;
  std::uint32_t restarts = 0;
  std::uint32_t stuck = 0;
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
    field("memoryMbytes", &attempt::memory, presence::optional, "MiB",
          "What the platform gave it."),
    field("reservedUsd", &attempt::reserved_usd, presence::optional, "USD",
          "What budgets kept for it before it was started."),
    field("migrations", &attempt::migrations, presence::optional,
          "How often the platform moved it to another server."),
    field("reboots", &attempt::reboots, presence::optional,
          "How often it asked to be rebooted."),
    field("restarts", &attempt::restarts, presence::optional,
          "How often the platform restarted it after an error."),
    field("stuck", &attempt::stuck, presence::optional,
          "How often it was found stuck and aborted."),
    field("error", &attempt::error, presence::optional,
          "Why it could not be started or was given up."));
};

} // namespace orc
