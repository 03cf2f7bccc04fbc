#pragma once

#include "actors/hooks/delivery_queue.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <string>
#include <vector>

namespace orc {

/// Tells HOOKS to look again.
struct wake_hooks {
  static constexpr auto fields
    = describe("wake_hooks", "Looks whether something is due.");
};

/// Time to remove what is old.
struct prune_hooks {
  static constexpr auto fields
    = describe("prune_hooks", "Removes old dead deliveries.");
};

/// Somebody has waited long enough for all to be delivered.
struct drain_over {
  std::uint64_t number = 0;

  static constexpr auto fields
    = describe("drain_over", "Ends a drain_hooks.",
               field("number", &drain_over::number, "Which."));
};

/// The HOOKS interface with what HOOKS tells itself.
using hooks_self
  = hooks_actor::extend<caf::reacts_to<wake_hooks>, caf::reacts_to<prune_hooks>,
                        caf::reacts_to<drain_over>>;

/// Whom HOOKS talks to.
struct hooks_parts {
  hook_store_actor store;
  hook_sender_actor sender;
};

/// Delivers what the store owes to webhooks: at least once, in order for each
/// run. Whatever a receiver does, runs never wait for it: they end at the
/// store, which HOOKS reads from.
class hooks_state {
public:
  static inline const char* name = "hooks";

  explicit hooks_state(hooks_self::pointer self);

  hooks_self::behavior_type
  make_behavior(std::vector<hook_settings> hooks, hooks_parts parts,
                std::chrono::milliseconds keep_dead);

private:
  struct outlet {
    hook_settings settings;
    delivery_queue queue;
    std::uint64_t delivered = 0;
    std::uint64_t failed_attempts = 0;
    std::string last_problem;
  };

  struct drain {
    std::uint64_t number = 0;
    caf::typed_response_promise<saved> promise;
  };

  void start();
  void grew();
  void serve();
  void load(outlet& x);
  void send(outlet& x, const hook_delivery& delivery);
  void
  handle(outlet& x, const hook_delivery& delivery, const hook_answer& answer);
  void
  note(outlet& x, const hook_delivery& delivery, const hook_answer& answer);
  void settle(const settle_delivery& x);
  void disable(outlet& x, const hook_answer& answer);
  void set_timer();
  void prune();
  caf::result<hook_views> view();
  static hook_view make_view(const outlet& x, const hook_record& stored);
  caf::result<delivery_page> list(const load_deliveries& request);
  caf::result<redriven_deliveries> redrive(const redrive_deliveries& request);
  caf::result<saved> begin_drain(const drain_hooks& request);
  void check_drains();
  void end_drain(std::uint64_t number);
  outlet* find(const std::string& hook);
  timestamp time() const;

  hooks_self::pointer self_;
  hooks_parts parts_;
  std::chrono::milliseconds keep_dead_{0};
  timestamp wall_start_;
  caf::actor_clock::time_point clock_start_;
  std::vector<outlet> outlets_;
  std::vector<drain> drains_;
  std::uint64_t last_drain_ = 0;
  std::optional<timestamp> timer_;
};

/// @returns a URL without what may be secret in it.
std::string shown_url(const secret& url);

/// Starts HOOKS.
/// @param keep_dead dead deliveries are forgotten after so long; 0 means never.
hooks_self::behavior_type
hooks(hooks_self::stateful_pointer<hooks_state> self,
      std::vector<hook_settings> hooks, hooks_parts parts,
      std::chrono::milliseconds keep_dead);

} // namespace orc
