#pragma once

#include "messages/base/message.hpp"
#include "messages/run.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace orc {

/// What happened to a run.
enum class event_kind : std::uint8_t {
  submitted,
  queued,
  starting,
  started,
  resurrected,
  /// It became final: finished, cancelled, refused or lost.
  ended,
  /// Item count or cost of a final run became known.
  settled,
  /// It did nothing any more and is being aborted.
  stuck,
  /// It ran out of memory; its next attempt gets more.
  memory_raised,
  /// A budget that it counts on has passed the share at which it warns.
  budget_warned,
  /// A budget that it counts on has too little left for it.
  budget_reached,
};

template <>
struct enum_names<event_kind> {
  static constexpr std::array<std::string_view, 11> values{
    "run.submitted",     "run.queued",    "run.starting",  "run.started",
    "run.resurrected",   "run.ended",     "run.settled",   "run.stuck",
    "run.memory-raised", "budget.warned", "budget.reached"};
};

/// A fact about a run, published after it is durable.
struct run_event {
  /// Grows by one with each event of this process.
  std::uint64_t id = 0;
  event_kind kind = event_kind::submitted;
  timestamp at;
  orc::run run;
  /// One sentence for people where the kind does not say it all.
  std::optional<std::string> note = std::nullopt;

  static constexpr auto fields = describe(
    "run_event", "A fact about a run.",
    field("id", &run_event::id, "Grows with each event of this process."),
    field("event", &run_event::kind, "What happened, such as `run.ended`."),
    field("at", &run_event::at, "When."),
    field("run", &run_event::run, "The run after it."),
    field("note", &run_event::note, presence::optional,
          "One sentence where the kind does not say it all."));
};

/// Tells EVENTS what happened.
struct publish_event {
  event_kind kind = event_kind::submitted;
  orc::run run;
  std::optional<std::string> note = std::nullopt;

  static constexpr auto fields = describe(
    "publish_event", "Tells what happened.",
    field("event", &publish_event::kind, "What happened."),
    field("run", &publish_event::run, "The run after it."),
    field("note", &publish_event::note, presence::optional, "One sentence."));
};

/// Receives events from now on.
using event_sink = caf::typed_actor<caf::reacts_to<run_event>>;

/// Sends every event from now on to a sink, until the sink dies.
struct subscribe_events {
  event_sink sink;
  /// Only events of this namespace, unless empty.
  std::string space;
  /// First sends the events after this id that are still remembered (the last
  /// 1000); 0 sends none.
  std::uint64_t after_id = 0;

  template <class Inspector>
  friend auto inspect(Inspector& f, subscribe_events& x) {
    return f(caf::meta::type_name("subscribe_events"), x.sink, x.space,
             x.after_id);
  }
};

/// The EVENTS interface: fan-out of facts to whoever wants to know.
using events_actor = caf::typed_actor<caf::reacts_to<publish_event>,
                                      caf::reacts_to<subscribe_events>>;

} // namespace orc

#define ORC_EVENT_MESSAGES(X)                                                  \
  X(orc::run_event)                                                            \
  X(orc::publish_event)                                                        \
  X(orc::subscribe_events)

ORC_EVENT_MESSAGES(ORC_DECLARE_MESSAGE)
