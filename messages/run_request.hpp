#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/secret.hpp"
#include "messages/base/units.hpp"
#include "messages/run_state.hpp"
#include "messages/stuck_policy.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace orc {

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

/// What the platform lets a run do.
enum class permission_level : std::uint8_t { limited, full };

template <>
struct enum_names<permission_level> {
  static constexpr std::array<std::string_view, 2> values{"LIMITED_PERMISSIONS",
                                                          "FULL_PERMISSIONS"};
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
  std::optional<permission_level> force_permission_level;

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
          presence::optional, "USD",
          "Most money to be charged, above 0, at most 1000000000."),
    field("restartOnError", &run_options::restart_on_error, presence::optional,
          "Whether the platform restarts the run when it fails."),
    field("webhooks", &run_options::webhooks, presence::optional,
          "Array of the platform's ad-hoc webhooks for this run."),
    field("forcePermissionLevel", &run_options::force_permission_level,
          presence::optional,
          "Permissions of the run in place of those of the Apify actor; not "
          "for tasks."));
};

/// Asks for a run: what a plan, `POST /api/v1/runs` and the bus take.
struct run_request {
  std::string name;
  std::string space = "default";
  std::string batch;
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
  std::optional<double> budget_usd;
  std::optional<mebibytes> max_memory;
  std::optional<stuck_policy> stuck;

  static constexpr auto fields = describe(
    "run_request", "Asks for a run of an Apify actor or an Apify task.",
    field("name", &run_request::name, presence::optional,
          "Unique in its namespace; the same name again joins. 1 to 200 "
          "letters, digits and `-_./:@`; made where none is given."),
    field("namespace", &run_request::space, presence::optional,
          "Isolates names; `default` if not given."),
    field("batch", &run_request::batch, presence::optional,
          "Batch of its namespace that it belongs to: the same letters as "
          "`name`."),
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
          "When it has TIMED-OUT: return, restart or resurrect."),
    field("budgetUsd", &run_request::budget_usd, presence::optional, "USD",
          "Most money for all its attempts together, above 0, at most "
          "1000000000."),
    field("maxMemoryMbytes", &run_request::max_memory, presence::optional,
          "MiB",
          "When it runs out of memory its next attempt gets twice as much, up "
          "to this; a power of two, 128 to 32768."),
    field("stuck", &run_request::stuck, presence::optional,
          "What to do when it does nothing any more; it is not watched if not "
          "given."));
};

} // namespace orc
