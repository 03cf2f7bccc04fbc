#pragma once

#include "messages/account.hpp"
#include "messages/base/message.hpp"

namespace orc {

/// Tells a RUN what the TRACKER learned about its platform run.
struct remote_run_seen {
  remote_run run;

  static constexpr auto fields
    = describe("remote_run_seen", "What is known about a platform run.",
               field("run", &remote_run_seen::run, "Its state."));
};

/// Tells a RUN that the platform does not know its run any more.
struct remote_run_gone {
  std::string id;

  static constexpr auto fields
    = describe("remote_run_gone", "The platform does not know the run.",
               field("id", &remote_run_gone::id, "The platform's id."));
};

/// Tells a RUN how its search for the run of a lost answer ended.
struct remote_run_found {
  /// Nothing: the start did nothing.
  std::optional<remote_run> run;

  static constexpr auto fields = describe(
    "remote_run_found", "How a search for a platform run ended.",
    field("run", &remote_run_found::run, presence::optional, "If any."));
};

/// Tells a RUN that was not started that it never can be: it makes that durable
/// and ends.
struct refuse_run {
  run_key key;
  /// Such as `memory_exceeds_account`.
  ec why = ec::none;
  /// One sentence for people.
  std::string message;

  static constexpr auto fields
    = describe("refuse_run", "A run that was not started never can be.",
               field("key", &refuse_run::key, "Which."),
               field("why", &refuse_run::why, "The error."),
               field("message", &refuse_run::message, "One sentence."));
};

/// Tells a RUN that its platform run does nothing any more.
struct remote_run_stuck {
  std::string id;
  std::int64_t for_secs = 0;

  static constexpr auto fields
    = describe("remote_run_stuck", "A platform run does nothing any more.",
               field("id", &remote_run_stuck::id, "The platform's id."),
               field("forSecs", &remote_run_stuck::for_secs, presence::required,
                     "s", "Since when."));
};

/// The RUN interface: one run that has its place on the platform, from the
/// intent to start it until it is final or back in the queue.
using run_actor = caf::typed_actor<
  caf::reacts_to<remote_run_seen>, caf::reacts_to<remote_run_gone>,
  caf::reacts_to<remote_run_found>, caf::reacts_to<remote_run_stuck>,
  caf::reacts_to<refuse_run>,
  // Replies with the run once the abort is durable.
  caf::replies_to<abort_run>::with<run>>;

} // namespace orc

#define ORC_RUN_ACTOR_MESSAGES(X)                                              \
  X(orc::remote_run_seen)                                                      \
  X(orc::remote_run_gone)                                                      \
  X(orc::remote_run_found)                                                     \
  X(orc::remote_run_stuck)                                                     \
  X(orc::refuse_run)

ORC_RUN_ACTOR_MESSAGES(ORC_DECLARE_MESSAGE)
