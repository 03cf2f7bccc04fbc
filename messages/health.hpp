#pragma once

#include "messages/base/error.hpp"
#include "messages/base/fields.hpp"
#include "messages/base/message.hpp"
#include "messages/base/timestamp.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <optional>
#include <string>
#include <vector>

namespace orc {

/// Asks an APIFY API when it last heard of the platform. It makes no call.
struct get_contact {
  static constexpr auto fields
    = describe("get_contact", "When did the platform last answer?");
};

struct contact {
  /// When the platform last answered with anything but 5xx.
  std::optional<timestamp> last_answer;
  /// Calls since then that failed: no answer, or 5xx.
  std::uint64_t failures = 0;
  /// Why the last one failed; "" if it did not.
  std::string problem;

  static constexpr auto fields
    = describe("contact", "Answers get_contact.",
               field("lastAnswer", &contact::last_answer, presence::optional,
                     "When the platform last answered."),
               field("failures", &contact::failures, "Failed calls since."),
               field("problem", &contact::problem, "Why the last one failed."));
};

/// What an APIFY API may say of itself besides. One that a host brings along
/// need not: then it is not known whether its platform can be reached.
using contact_actor
  = caf::typed_actor<caf::replies_to<get_contact>::with<contact>>;

/// Asks the ORCHESTRATOR for a round trip through all that a run needs: BUDGETS
/// and PERSISTENCE, which has to write.
struct check_health {
  static constexpr auto fields
    = describe("check_health", "Asks for a round trip.");
};

struct store_check {
  bool writable = false;
  std::string reason;
  std::uint64_t size_bytes = 0;
  /// How long the write took, to the answer.
  double write_secs = 0;

  static constexpr auto fields = describe(
    "store_check", "Whether the store takes a write.",
    field("writable", &store_check::writable, "A write was made durable."),
    field("reason", &store_check::reason, "Why not; empty if it was."),
    field("sizeBytes", &store_check::size_bytes, presence::required, "B",
          "Size of the store's database."),
    field("writeSecs", &store_check::write_secs, presence::required, "s",
          "How long the write took."));
};

struct platform_check {
  std::string account;
  /// Nothing while nobody has asked the platform yet.
  std::optional<bool> reachable;
  std::optional<timestamp> last_answer_at;
  std::string reason;

  static constexpr auto fields = describe(
    "platform_check", "Whether the platform answers an account.",
    field("account", &platform_check::account, "Whose token is used."),
    field("reachable", &platform_check::reachable, presence::nullable,
          "False once two calls in a row had no answer, 5xx or 401; null if "
          "none has been made yet."),
    field("lastAnswerAt", &platform_check::last_answer_at, presence::nullable,
          "When it last answered a call."),
    field("reason", &platform_check::reason, "Why it is not reachable."));
};

/// What waits to be done.
struct backlog_check {
  std::uint64_t queued = 0;
  std::uint64_t live = 0;

  static constexpr auto fields
    = describe("backlog_check", "What waits to be done.",
               field("queued", &backlog_check::queued, "Runs that wait."),
               field("live", &backlog_check::live, "Starting or running."));
};

/// Answers `check_health`: what was found on the way.
struct health {
  bool ready = false;
  /// Why it is not; the first reason.
  std::string reason;
  /// `recovering` or `stopping`; "" while it works.
  std::string phase;
  /// All that were asked answered in time, whatever they said.
  bool answering = true;
  /// Runs that recovery has taken up so far.
  std::uint64_t recovered = 0;
  store_check store;
  std::vector<platform_check> platform;
  backlog_check backlog;

  static constexpr auto fields = describe(
    "health", "Whether the service is ready, and what was found.",
    field("ready", &health::ready, "Is it?"),
    field("reason", &health::reason, "Why not; the first reason."),
    field("phase", &health::phase, "`recovering`, `stopping` or empty."),
    field("answering", &health::answering,
          "Everyone who was asked answered in time."),
    field("recovered", &health::recovered,
          "Unfinished runs that were taken up at the start."),
    field("store", &health::store, "The disk."),
    field("platform", &health::platform, "The platform, by account."),
    field("backlog", &health::backlog, "What waits."));
};

/// What counts for who asks.
struct health_rules {
  bool with_store = true;
  bool with_platform = true;
  /// Not ready while more runs wait.
  std::optional<std::uint64_t> max_queued = std::nullopt;
};

/// Says whether what was found makes the service ready.
void judge(health& x, const health_rules& rules);

/// What the ORCHESTRATOR says of itself and those behind it.
using health_actor = caf::typed_actor<
  // Replies within 31 s. While it recovers it replies at once.
  caf::replies_to<check_health>::with<health>>;

} // namespace orc

#define ORC_HEALTH_MESSAGES(X)                                                 \
  X(orc::get_contact)                                                          \
  X(orc::contact)                                                              \
  X(orc::check_health)                                                         \
  X(orc::health)

ORC_HEALTH_MESSAGES(ORC_DECLARE_MESSAGE)
