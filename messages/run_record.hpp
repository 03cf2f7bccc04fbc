#pragma once

#include "messages/base/message.hpp"
#include "messages/run.hpp"

namespace orc {

/// An Apify actor or an Apify task: what a run starts.
struct run_target {
  /// `user/name` or an id.
  std::string id;
  bool is_task = false;

  friend auto operator<=>(const run_target&, const run_target&) = default;

  static constexpr auto fields
    = describe("run_target", "What a run starts.",
               field("id", &run_target::id, "Id or `user/name`."),
               field("isTask", &run_target::is_task, "An Apify task?"));
};

/// What is made durable before a start is sent, so that a run whose answer is
/// lost can be found again; see docs/run_lifecycle.md.
struct start_intent {
  /// Part of the User-Agent of the start: names run and attempt, and no other
  /// run of any store.
  std::string marker;
  /// The platform's clock when the start was about to be sent.
  timestamp at;

  friend bool operator==(const start_intent&, const start_intent&) = default;

  static constexpr auto fields = describe(
    "start_intent", "A start that may have been sent.",
    field("marker", &start_intent::marker, "Part of the User-Agent."),
    field("at", &start_intent::at, "The platform's time before the start."));
};

/// All that is durable about a run but its input.
struct run_record {
  run_key key;
  /// Grows with every save: the store refuses what is not newer, so that two
  /// who hold the same run cannot undo each other's steps.
  std::uint64_t revision = 0;
  run view;
  run_target target;
  run_options options;
  std::uint32_t max_attempts = 1;
  std::int32_t priority = 0;
  end_policy on_succeeded = end_policy::hand_out;
  end_policy on_aborted = end_policy::resurrect;
  end_policy on_timed_out = end_policy::resurrect;
  /// There while `view.state` is `starting`, and of a start given up on.
  std::optional<start_intent> intent;
  /// A queued run does not start before.
  std::optional<timestamp> not_before;
  /// A user asked to abort it; holds through restarts.
  bool abort_requested = false;
  /// The last platform run shall be resurrected, not a new one started.
  bool resurrect = false;
  std::optional<mebibytes> max_memory;
  std::optional<stuck_policy> stuck;
  /// What is left of `stuck` to be tried.
  std::uint32_t stuck_resurrections = 0;
  std::uint32_t stuck_restarts = 0;
  /// It was found stuck and is being aborted; then this is done.
  std::optional<stuck_step> stuck_next;
  /// The platform finished it, and what it tells of items and cost is
  /// preliminary; see `settler_actor`.
  bool unsettled = false;

  static constexpr auto fields = describe(
    "run_record", "All that is durable about a run but its input.",
    field("revision", &run_record::revision, presence::optional,
          "Grows with every save."),
    field("view", &run_record::view, "What users see."),
    field("target", &run_record::target, "What it starts."),
    field("options", &run_record::options, "How the platform shall run it."),
    field("maxAttempts", &run_record::max_attempts, "Starts in all."),
    field("priority", &run_record::priority, "Higher starts earlier."),
    field("onSucceeded", &run_record::on_succeeded, "Rejoin rule."),
    field("onAborted", &run_record::on_aborted, "Rejoin rule."),
    field("onTimedOut", &run_record::on_timed_out, "Rejoin rule."),
    field("intent", &run_record::intent, presence::optional,
          "A start that may live."),
    field("notBefore", &run_record::not_before, presence::optional,
          "Earliest start."),
    field("abortRequested", &run_record::abort_requested, presence::optional,
          "A user asked to abort it."),
    field("resurrect", &run_record::resurrect, presence::optional,
          "Resurrect the last platform run."),
    field("maxMemory", &run_record::max_memory, presence::optional,
          "Most memory after it ran out of memory."),
    field("stuck", &run_record::stuck, presence::optional,
          "What to do when it is stuck."),
    field("stuckResurrections", &run_record::stuck_resurrections,
          presence::optional, "Left to be tried."),
    field("stuckRestarts", &run_record::stuck_restarts, presence::optional,
          "Left to be tried."),
    field("stuckNext", &run_record::stuck_next, presence::optional,
          "What to do once the abort is done."),
    field("unsettled", &run_record::unsettled, presence::optional,
          "Items and cost are preliminary."));
};

} // namespace orc

#define ORC_RUN_RECORD_MESSAGES(X) X(orc::run_record)

ORC_RUN_RECORD_MESSAGES(ORC_DECLARE_MESSAGE)
