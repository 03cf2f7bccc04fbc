#pragma once

#include "messages/hook_store.hpp"

#include <chrono>

namespace orc {

/// A webhook of the configuration.
struct hook_settings {
  hook_filter filter;
  /// Signs what is sent, in the form `whsec_…`; empty: nothing is signed.
  secret signing_key;
  /// An attempt that takes longer has failed.
  std::chrono::milliseconds timeout{15'000};
  /// A delivery that fails for so long is given up.
  std::chrono::milliseconds give_up_after{72 * 3'600'000LL};
  /// How many deliveries are on their way at a time.
  std::uint32_t max_in_flight = 4;
  /// Whether addresses of this machine and of private networks are allowed.
  bool allow_private = false;
};

/// Asks the HOOK SENDER to send one event once.
struct send_hook {
  secret url;
  secret signing_key;
  bool allow_private = false;
  std::string event_id;
  json_text event;
  std::chrono::milliseconds timeout{15'000};

  template <class Inspector>
  friend auto inspect(Inspector& f, send_hook& x) {
    return f(caf::meta::type_name("send_hook"), x.url, x.signing_key,
             x.allow_private, x.event_id, x.event, x.timeout);
  }
};

/// How a receiver answered.
struct hook_answer {
  /// 0: there was no answer.
  int status = 0;
  /// For people, where it is no success.
  std::string problem;
  /// The receiver asked for so long a pause.
  std::chrono::seconds retry_after{0};

  template <class Inspector>
  friend auto inspect(Inspector& f, hook_answer& x) {
    return f(caf::meta::type_name("hook_answer"), x.status, x.problem,
             x.retry_after);
  }
};

/// The HOOK SENDER interface: HTTP, one attempt a request. Always answers.
using hook_sender_actor
  = caf::typed_actor<caf::replies_to<send_hook>::with<hook_answer>>;

/// Asks HOOKS how all webhooks are doing.
struct get_hooks {
  static constexpr auto fields
    = describe("get_hooks", "Asks about all webhooks.");
};

enum class hook_health : std::uint8_t { active, failing, disabled };

template <>
struct enum_names<hook_health> {
  static constexpr std::array<std::string_view, 3> values{"active", "failing",
                                                          "disabled"};
};

/// A webhook as users see it.
struct hook_view {
  std::string name;
  std::string url;
  std::vector<event_kind> kinds;
  std::string space;
  bool only_failures = false;
  bool is_signed = false;
  hook_health state = hook_health::active;
  std::uint64_t pending = 0;
  std::uint64_t dead = 0;
  std::uint64_t dropped = 0;
  std::uint64_t delivered = 0;
  std::uint64_t failed_attempts = 0;
  std::optional<timestamp> oldest_pending;
  std::optional<std::string> last_problem;

  static constexpr auto fields = describe(
    "webhook", "A webhook of the configuration.",
    field("name", &hook_view::name, "As configured."),
    field("url", &hook_view::url,
          "Where to, without what may be secret in it."),
    field("events", &hook_view::kinds,
          "Only these; all that tell the state of a run if empty."),
    field("namespace", &hook_view::space, "Only this one; all if empty."),
    field("onlyFailures", &hook_view::only_failures,
          "Only ends of runs that did not succeed."),
    field("signed", &hook_view::is_signed, "Whether it has a secret."),
    field("state", &hook_view::state,
          "active; failing: its last attempts failed; disabled: it answered "
          "410."),
    field("pending", &hook_view::pending, "Deliveries to come."),
    field("dead", &hook_view::dead, "Deliveries given up."),
    field("dropped", &hook_view::dropped,
          "Deliveries dropped since there were too many, since the start."),
    field("delivered", &hook_view::delivered, "Since the start."),
    field("failedAttempts", &hook_view::failed_attempts, "Since the start."),
    field("oldestPendingAt", &hook_view::oldest_pending, presence::nullable,
          "Since when the oldest waits."),
    field("lastProblem", &hook_view::last_problem, presence::nullable,
          "Why the last attempt that failed did."));
};

struct hook_views {
  std::vector<hook_view> items;

  static constexpr auto fields
    = describe("webhooks", "All webhooks.",
               field("items", &hook_views::items, "In their order."));
};

/// Lets HOOKS answer once nothing is left that can be delivered now, at the
/// latest after so long: before a process that ends, ends.
struct drain_hooks {
  std::chrono::milliseconds at_most{0};

  template <class Inspector>
  friend auto inspect(Inspector& f, drain_hooks& x) {
    return f(caf::meta::type_name("drain_hooks"), x.at_most);
  }
};

/// The HOOKS interface: delivers what the store has written for webhooks.
/// Requests that name a webhook fail with `ec::not_found` if none is configured
/// so.
using hooks_actor = caf::typed_actor<
  caf::reacts_to<deliveries_added>,
  caf::replies_to<get_hooks>::with<hook_views>,
  caf::replies_to<load_deliveries>::with<delivery_page>,
  caf::replies_to<redrive_deliveries>::with<redriven_deliveries>,
  caf::replies_to<drain_hooks>::with<saved>>;

} // namespace orc

#define ORC_HOOKS_MESSAGES(X)                                                  \
  X(orc::send_hook)                                                            \
  X(orc::hook_answer)                                                          \
  X(orc::get_hooks)                                                            \
  X(orc::hook_views)                                                           \
  X(orc::drain_hooks)

ORC_HOOKS_MESSAGES(ORC_DECLARE_MESSAGE)
