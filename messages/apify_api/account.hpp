#pragma once

#include "messages/base/message.hpp"
#include "messages/run_record.hpp"

namespace orc {

struct get_limits {
  static constexpr auto fields
    = describe("get_limits", "Asks what the account may use.");
};

/// What the account may use, and what is in use now, by us and by others.
struct account_limits {
  mebibytes max_memory;
  mebibytes used_memory;
  std::uint64_t max_runs = 0;
  std::uint64_t active_runs = 0;
  std::optional<double> max_monthly_usd;
  std::optional<double> monthly_usd;

  static constexpr auto fields = describe(
    "account_limits", "What the account may use, and what is in use.",
    field("maxMemory", &account_limits::max_memory, "Of all jobs."),
    field("usedMemory", &account_limits::used_memory, "Of all jobs."),
    field("maxRuns", &account_limits::max_runs, "At a time."),
    field("activeRuns", &account_limits::active_runs, "Now."),
    field("maxMonthlyUsd", &account_limits::max_monthly_usd, "Limit."),
    field("monthlyUsd", &account_limits::monthly_usd, "Spent."));
};

struct get_user {
  static constexpr auto fields
    = describe("get_user", "Asks whose token this is.");
};

struct remote_user {
  std::string id;
  std::string username;

  static constexpr auto fields
    = describe("remote_user", "Whose token this is.",
               field("id", &remote_user::id, "The platform's id."),
               field("username", &remote_user::username, "Its name."));
};

/// Asks what a run of this target gets if its options say nothing.
struct get_target {
  run_target target;

  static constexpr auto fields
    = describe("get_target", "Asks for the defaults of a target.",
               field("target", &get_target::target, "Actor or task."));
};

struct target_defaults {
  /// Missing where the platform computes it for each input.
  std::optional<mebibytes> memory;
  /// The Apify actor's id, also of a task.
  std::string actor_id;
  /// The task's id, if it is one.
  std::string task_id;

  static constexpr auto fields
    = describe("target_defaults", "What a run gets by default.",
               field("memory", &target_defaults::memory, "If fixed."),
               field("actId", &target_defaults::actor_id, "Platform's id."),
               field("actorTaskId", &target_defaults::task_id, "If a task."));
};

} // namespace orc

#define ORC_APIFY_ACCOUNT_MESSAGES(X)                                          \
  X(orc::get_limits)                                                           \
  X(orc::account_limits)                                                       \
  X(orc::get_user)                                                             \
  X(orc::remote_user)                                                          \
  X(orc::get_target)                                                           \
  X(orc::target_defaults)

ORC_APIFY_ACCOUNT_MESSAGES(ORC_DECLARE_MESSAGE)
