#pragma once

#include "messages/base/error.hpp"
#include "messages/hook.hpp"
#include "messages/run_store.hpp"

namespace orc {

/// Tells that the store has new deliveries, which are durable.
struct deliveries_added {
  static constexpr auto fields
    = describe("deliveries_added", "There are new deliveries.");
};

/// Learns of new deliveries.
using delivery_sink = caf::typed_actor<caf::reacts_to<deliveries_added>>;

/// Asks the PERSISTENCE to write a delivery for each fact that fits a filter,
/// in the transaction of the step that it is about. Replaces what it followed
/// before; without it nothing is written, and nothing is spent.
struct follow_hooks {
  std::vector<hook_filter> hooks;

  static constexpr auto fields
    = describe("follow_hooks", "Writes deliveries from now on.",
               field("webhooks", &follow_hooks::hooks, "For these."));
};

/// Asks to be told of new deliveries.
struct watch_deliveries {
  delivery_sink sink;

  template <class Inspector>
  friend auto inspect(Inspector& f, watch_deliveries& x) {
    return f(caf::meta::type_name("watch_deliveries"), x.sink);
  }
};

/// What the store knows of a webhook.
struct hook_record {
  std::string name;
  /// It told us to send nothing any more.
  bool disabled = false;
  std::string disabled_because;
  std::uint64_t pending = 0;
  std::uint64_t dead = 0;
  /// Since this process started: were dropped since there were too many.
  std::uint64_t dropped = 0;
  std::optional<timestamp> oldest_pending;

  static constexpr auto fields = describe(
    "hook_record", "What the store knows of a webhook.",
    field("name", &hook_record::name, "As configured."),
    field("disabled", &hook_record::disabled, "Does it get nothing?"),
    field("because", &hook_record::disabled_because, "Why not."),
    field("pending", &hook_record::pending, "Deliveries to come."),
    field("dead", &hook_record::dead, "Deliveries given up."),
    field("dropped", &hook_record::dropped, "One too many."),
    field("oldestPending", &hook_record::oldest_pending, "Its `since`."));
};

/// Asks what the store knows of the webhooks it follows.
struct load_hooks {
  static constexpr auto fields
    = describe("load_hooks", "Asks about the webhooks.");
};

struct hook_records {
  std::vector<hook_record> hooks;

  static constexpr auto fields
    = describe("hook_records", "Answers load_hooks.",
               field("webhooks", &hook_records::hooks, "In their order."));
};

/// Asks for deliveries of one webhook, by growing id.
struct load_deliveries {
  std::string hook;
  delivery_state state = delivery_state::pending;
  std::uint64_t after = 0;
  /// 1 to 1000.
  std::uint32_t limit = 1000;

  static constexpr auto fields
    = describe("load_deliveries", "Asks for deliveries.",
               field("webhook", &load_deliveries::hook, "Of which."),
               field("state", &load_deliveries::state, "pending or dead."),
               field("after", &load_deliveries::after, "Ids above this."),
               field("limit", &load_deliveries::limit, "Most of them."));
};

struct delivery_page {
  std::vector<hook_delivery> items;
  /// Ask on from here; empty on the last page.
  std::optional<std::uint64_t> next_after;

  static constexpr auto fields
    = describe("delivery_page", "Deliveries of a webhook, oldest first.",
               field("items", &delivery_page::items, "By growing id."),
               field("nextAfter", &delivery_page::next_after,
                     presence::nullable, "`after` of the next page."));
};

/// How an attempt ended.
enum class delivery_end : std::uint8_t { delivered, retry, dead };

/// Makes durable how an attempt ended: a delivery that succeeded is removed.
struct settle_delivery {
  std::uint64_t id = 0;
  delivery_end end = delivery_end::delivered;
  std::uint32_t attempts = 0;
  std::optional<timestamp> next_at;
  std::string problem;

  static constexpr auto fields
    = describe("settle_delivery", "Keeps how an attempt ended.",
               field("id", &settle_delivery::id, "Which."),
               field("end", &settle_delivery::end, "How."),
               field("attempts", &settle_delivery::attempts, "So many."),
               field("nextAt", &settle_delivery::next_at, "If it is tried."),
               field("problem", &settle_delivery::problem, "If it failed."));
};

/// The receiver wants nothing any more: what is pending becomes dead, and
/// nothing is written for it until it is redriven or its URL changes.
struct disable_hook {
  std::string name;
  std::string because;

  static constexpr auto fields
    = describe("disable_hook", "Sends nothing any more.",
               field("name", &disable_hook::name, "Which."),
               field("because", &disable_hook::because, "Why."));
};

/// Makes dead deliveries pending again, as if they were new; a webhook that was
/// disabled is sent to again.
struct redrive_deliveries {
  std::string hook;
  /// These, or all if empty.
  std::vector<std::uint64_t> ids;

  static constexpr auto fields = describe(
    "redrive_deliveries", "Sends dead deliveries again.",
    field("webhook", &redrive_deliveries::hook, presence::optional, "Whose."),
    field("ids", &redrive_deliveries::ids, presence::optional,
          "These deliveries; all dead ones if not given."));
};

struct redriven_deliveries {
  std::uint64_t count = 0;

  static constexpr auto fields
    = describe("redriven_deliveries", "What was redriven.",
               field("count", &redriven_deliveries::count, "How many."));
};

/// Removes dead deliveries that were made before a time.
struct prune_deliveries {
  timestamp before;

  static constexpr auto fields
    = describe("prune_deliveries", "Removes old dead deliveries.",
               field("before", &prune_deliveries::before, "Age limit."));
};

/// What the PERSISTENCE does for webhooks, in its one store and under the rules
/// of its other conversation: answers come after the commit, and
/// `ec::store_failed` when the disk fails.
using hook_store_actor = caf::typed_actor<
  caf::replies_to<follow_hooks>::with<saved>, caf::reacts_to<watch_deliveries>,
  caf::replies_to<load_hooks>::with<hook_records>,
  caf::replies_to<load_deliveries>::with<delivery_page>,
  // One that is not there any more is passed over.
  caf::replies_to<settle_delivery>::with<saved>,
  caf::replies_to<disable_hook>::with<saved>,
  caf::replies_to<redrive_deliveries>::with<redriven_deliveries>,
  caf::replies_to<prune_deliveries>::with<redriven_deliveries>>;

} // namespace orc

#define ORC_HOOK_STORE_MESSAGES(X)                                             \
  X(orc::follow_hooks)                                                         \
  X(orc::watch_deliveries)                                                     \
  X(orc::load_hooks)                                                           \
  X(orc::hook_records)                                                         \
  X(orc::load_deliveries)                                                      \
  X(orc::delivery_page)                                                        \
  X(orc::settle_delivery)                                                      \
  X(orc::disable_hook)                                                         \
  X(orc::redrive_deliveries)                                                   \
  X(orc::redriven_deliveries)                                                  \
  X(orc::prune_deliveries)

ORC_HOOK_STORE_MESSAGES(ORC_DECLARE_MESSAGE)
