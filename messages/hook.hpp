#pragma once

#include "messages/event.hpp"

namespace orc {

/// Which facts a webhook is told of.
struct hook_filter {
  /// Unique among the configured webhooks.
  std::string name;
  /// To notice that the address changed; holds what may not be shown.
  secret url;
  /// Only these kinds, unless empty.
  std::vector<event_kind> kinds;
  /// Only this namespace, unless empty.
  std::string space;
  /// Only ends of runs that did not succeed.
  bool only_failures = false;
  /// So many deliveries are kept at most; beyond, the oldest are dropped.
  std::uint64_t max_backlog = 100'000;

  static constexpr auto fields = describe(
    "hook_filter", "Which facts a webhook is told of.",
    field("name", &hook_filter::name, "Unique."),
    field("url", &hook_filter::url, "Where to."),
    field("events", &hook_filter::kinds, "Only these kinds, unless empty."),
    field("namespace", &hook_filter::space, "Only this one, unless empty."),
    field("onlyFailures", &hook_filter::only_failures, "No successes."),
    field("maxBacklog", &hook_filter::max_backlog, "Most that are kept."));
};

/// A fact as CloudEvents 1.0 has it, in structured JSON.
struct cloud_event {
  std::string specversion = "1.0";
  /// Names the step of the run: the same however often it is sent.
  std::string id;
  std::string source;
  std::string type;
  std::string subject;
  timestamp time;
  std::string datacontenttype = "application/json";
  run data;

  static constexpr auto fields = describe(
    "cloud_event", "A fact about a run, in the form of CloudEvents 1.0.",
    field("specversion", &cloud_event::specversion, "Always 1.0."),
    field("id", &cloud_event::id,
          "Unique within the source, and the same on every repeat."),
    field("source", &cloud_event::source,
          "`/apify-orchestrator/` and the id of the store."),
    field("type", &cloud_event::type,
          "`apify-orchestrator.` and the kind, such as `run.ended`."),
    field("subject", &cloud_event::subject, "Namespace `/` name of the run."),
    field("time", &cloud_event::time, "When it became durable."),
    field("datacontenttype", &cloud_event::datacontenttype,
          "Always application/json."),
    field("data", &cloud_event::data, "The run after it."));
};

/// What became of a delivery so far. One that succeeded is forgotten.
enum class delivery_state : std::uint8_t {
  /// Waits, is on its way, or will be tried again.
  pending,
  /// Given up; kept until it is redriven, old or one too many.
  dead,
};

template <>
struct enum_names<delivery_state> {
  static constexpr std::array<std::string_view, 2> values{"pending", "dead"};
};

/// One fact on its way to one webhook.
struct hook_delivery {
  /// Grows with each delivery of the store: the order of facts.
  std::uint64_t id = 0;
  std::string hook;
  delivery_state state = delivery_state::pending;
  /// Facts about one run are delivered in order.
  std::uint64_t run = 0;
  std::string event_id;
  /// When the time to give it up began to count.
  timestamp since;
  std::uint32_t attempts = 0;
  /// Not before; at once if empty.
  std::optional<timestamp> next_at;
  /// Why the last attempt failed.
  std::string problem;
  /// The `cloud_event`, byte for byte as it is sent.
  json_text event;

  static constexpr auto fields = describe(
    "hook_delivery", "A fact on its way to a webhook.",
    field("id", &hook_delivery::id, "Grows with each delivery."),
    field("webhook", &hook_delivery::hook, "Name of the webhook."),
    field("state", &hook_delivery::state, "pending or dead."),
    field("runKey", &hook_delivery::run, "One run's facts stay in order."),
    field("eventId", &hook_delivery::event_id, "Sent as `webhook-id`."),
    field("since", &hook_delivery::since, "When it was made or redriven."),
    field("attempts", &hook_delivery::attempts, "How often it was sent."),
    field("nextAttemptAt", &hook_delivery::next_at, presence::nullable,
          "When it is sent again; null: as soon as may be."),
    field("problem", &hook_delivery::problem, "Why the last attempt failed."),
    field("event", &hook_delivery::event, "What is sent."));
};

} // namespace orc
