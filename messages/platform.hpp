#pragma once

#include "messages/base/message.hpp"
#include "messages/base/names.hpp"
#include "messages/orchestrator.hpp"

#include <optional>

namespace orc {

/// What the platform tells the run that we ourselves are.
enum class platform_event_kind : std::uint8_t {
  /// The container is about to be stopped and started elsewhere.
  migrating,
  /// The run is aborted gracefully: it is killed 30 s later.
  aborting,
  /// Whatever is not kept yet shall be.
  persist_state,
  /// Anything else, such as `systemInfo`.
  other,
};

template <>
struct enum_names<platform_event_kind> {
  static constexpr std::array<std::string_view, 4> values{
    "migrating", "aborting", "persistState", "other"};
};

/// A frame of the events WebSocket.
struct platform_event {
  platform_event_kind kind = platform_event_kind::other;
  /// Until the container is stopped, if the platform tells it.
  std::optional<double> seconds_left;

  static constexpr auto fields = describe(
    "platform_event", "What the platform tells our own run.",
    field("name", &platform_event::kind, "What happens."),
    field("timeRemainingSecs", &platform_event::seconds_left,
          presence::optional, "s", "Until the container is stopped."));
};

/// Tells the PLATFORM that the process was sent SIGTERM: taken for a migration,
/// since the platform does not say whether the signal comes before one.
struct termination_asked {
  static constexpr auto fields
    = describe("termination_asked", "The process was sent SIGTERM.");
};

/// Why a run has to leave its container.
enum class departure : std::uint8_t {
  /// All is kept and a reboot is asked for: wait to be killed. A process that
  /// ends well during a migration is not started again.
  migration,
  /// What was to be aborted is: end within the time that is left.
  abortion,
};

template <>
struct enum_names<departure> {
  static constexpr std::array<std::string_view, 2> values{"migration",
                                                          "abortion"};
};

/// Asks the PLATFORM for the moment in which the run has to leave.
struct await_departure {
  static constexpr auto fields
    = describe("await_departure", "Asks when the run has to leave.");
};

struct departure_due {
  departure why = departure::migration;
  /// How many runs the kill switch has aborted.
  std::uint64_t aborted = 0;

  static constexpr auto fields
    = describe("departure_due", "Answers await_departure.",
               field("why", &departure_due::why, "Why."),
               field("aborted", &departure_due::aborted, "Runs aborted."));
};

/// Sets the last status message of our own run.
struct say_farewell {
  std::string text;

  static constexpr auto fields
    = describe("say_farewell", "Sets the last status message.",
               field("text", &say_farewell::text, "One sentence."));
};

struct farewell_said {
  static constexpr auto fields
    = describe("farewell_said", "Answers say_farewell.");
};

/// The PLATFORM interface: what being a run of the platform ourselves asks for.
/// Keeps the status message up to date, and on `migrating` and `aborting` sees
/// to it that nothing new starts, all is durable, and the run leaves in time.
using platform_actor
  = caf::typed_actor<caf::reacts_to<platform_event>,
                     caf::reacts_to<termination_asked>,
                     // Replies once all is done that has to be done before.
                     caf::replies_to<await_departure>::with<departure_due>,
                     // Replies when the platform has it, or after 10 s.
                     caf::replies_to<say_farewell>::with<farewell_said>>;

} // namespace orc

#define ORC_PLATFORM_MESSAGES(X)                                               \
  X(orc::platform_event)                                                       \
  X(orc::termination_asked)                                                    \
  X(orc::await_departure)                                                      \
  X(orc::departure_due)                                                        \
  X(orc::say_farewell)                                                         \
  X(orc::farewell_said)

ORC_PLATFORM_MESSAGES(ORC_DECLARE_MESSAGE)
