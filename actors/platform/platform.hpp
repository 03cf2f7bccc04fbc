#pragma once

#include "actors/platform/leave_taking.hpp"
#include "messages/apify_storage.hpp"
#include "messages/platform.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <string>
#include <vector>

namespace orc {

struct platform_config {
  /// The platform's id of the run that we are.
  std::string run_id;
  /// Whether an abortion of ours aborts all live runs.
  bool abort_runs = false;
  /// Between two status messages.
  std::chrono::milliseconds status_interval{5'000};
  /// Between two looks at the store: a service that cannot keep its state shall
  /// not be the last to know.
  std::chrono::milliseconds persist_interval{60'000};
};

struct platform_parts {
  /// Of the ORCHESTRATOR.
  caf::typed_actor<caf::replies_to<stop_service>::with<account_stopped>>
    orchestrator;
  /// Of the PERSISTENCE.
  caf::typed_actor<caf::replies_to<load_totals>::with<run_totals>,
                   caf::replies_to<check_store>::with<store_health>>
    store;
  apify_storage_actor storage;
};

/// Tells the PLATFORM to renew the status message.
struct renew_status {
  static constexpr auto fields = describe("renew_status", "Renews it.");
};

/// Tells the PLATFORM to look at the store.
struct look_at_store {
  static constexpr auto fields = describe("look_at_store", "Looks at it.");
};

/// Tells the PLATFORM to look whether starts are still under way.
struct look_at_starts {
  std::uint64_t departure = 0;
  /// How many more times.
  std::uint32_t tries = 0;

  static constexpr auto fields
    = describe("look_at_starts", "Are starts under way?",
               field("departure", &look_at_starts::departure, "Of which."),
               field("tries", &look_at_starts::tries, "How many more."));
};

using platform_self = platform_actor::extend<caf::reacts_to<renew_status>,
                                             caf::reacts_to<look_at_store>,
                                             caf::reacts_to<look_at_starts>>;

/// Is a good tenant of the platform. Leaving goes in steps, each bounded in
/// time:
///
///     stop starting ─▶ (starts in flight answered) ─▶ all durable ─▶ reboot
///     kill switch, if on ─▶ all durable ─▶ (whoever waits says farewell, ends)
class platform_state {
public:
  static inline const char* name = "platform";

  explicit platform_state(platform_self::pointer self);

  platform_self::behavior_type
  make_behavior(platform_config config, platform_parts parts);

private:
  using departure_promise = caf::typed_response_promise<departure_due>;

  void on_event(const platform_event& x);
  caf::result<departure_due> await();
  caf::result<farewell_said> say_last(const std::string& text);
  void leave(departure why);
  void on_stopped(std::uint64_t number, std::uint64_t aborted);
  void look_for_starts(const look_at_starts& x);
  void flush(std::uint64_t number);
  void on_flushed();
  void renew();
  void say(const std::string& text);
  void look();

  /// @returns whether `number` is still the departure that counts.
  bool counts(std::uint64_t number) const {
    return leaving_.number() == number;
  }

  platform_self::pointer self_;
  platform_config config_;
  platform_parts parts_;
  leave_taking leaving_;
  std::optional<departure_due> due_;
  std::uint64_t aborted_ = 0;
  std::vector<departure_promise> waiting_;
  std::string said_;
};

/// Starts a PLATFORM.
platform_self::behavior_type
platform(platform_self::stateful_pointer<platform_state> self,
         platform_config config, platform_parts parts);

} // namespace orc
