#pragma once

#include "emulator/api/user.hpp"
#include "emulator/platform/agenda.hpp"
#include "emulator/platform/journal.hpp"
#include "emulator/platform/webhook_sender.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace orc::emulator {

/// The webhooks of all accounts and their deliveries.
class webhook_book {
public:
  /// All references must outlive it.
  webhook_book(agenda& plan, webhook_sender& sender, const journal& saved)
    : agenda_(plan), sender_(sender), saved_(saved) {
    // nop
  }

  /// Adds a webhook, unless one of that `idempotencyKey` exists.
  /// @param body a WebhookRepresentation
  /// @throws api_error if a field is missing or wrong
  /// @returns it, and whether it is new
  std::pair<webhook*, bool> create(const user& owner, const json_value& body);

  /// Adds the ad-hoc webhooks of a run.
  /// @param representations JSON array
  void create_ad_hoc(const user& owner, std::string_view run_id,
                     const json_value& representations);

  /// Brings back a webhook out of what `to_json` wrote.
  void restore(const user& owner, const json_value& record);

  /// @throws api_error if a field is wrong
  void update(webhook& x, const json_value& body);

  webhook* find(std::string_view id, const user& caller) const;

  webhook_dispatch*
  find_dispatch(std::string_view id, const user& caller) const;

  void remove(const webhook& x);

  /// Delivers the event to each webhook of its account that waits for it.
  void publish(const std::string& user_id, const webhook_event& event);

  /// @returns whether anybody would hear of the event.
  bool has_listener(const std::string& user_id, std::string_view type,
                    const std::string& actor_id, const std::string& task_id,
                    const std::string& run_id) const;

  /// Delivers a `TEST` event.
  webhook_dispatch& test(webhook& x);

  void clear();

  const std::map<std::string, std::unique_ptr<webhook>>& all() const noexcept {
    return webhooks_;
  }

  const std::deque<std::shared_ptr<webhook_dispatch>>&
  dispatches() const noexcept {
    return dispatches_;
  }

private:
  std::vector<webhook*>
  listeners(const std::string& user_id, std::string_view type,
            const std::string& actor_id, const std::string& task_id,
            const std::string& run_id) const;
  webhook& add(webhook x);
  void take_out(const webhook& x);
  webhook_dispatch& dispatch(webhook& to, const webhook_event& event);
  void deliver(const std::shared_ptr<webhook_dispatch>& what);
  void
  on_answer(const std::shared_ptr<webhook_dispatch>& what, webhook_call call);

  agenda& agenda_;
  webhook_sender& sender_;
  const journal& saved_;
  std::map<std::string, std::unique_ptr<webhook>> webhooks_;
  /// Those of one run apart from the others: a run has few, an account many.
  std::unordered_map<std::string, std::vector<webhook*>> by_run_;
  std::unordered_map<std::string, std::vector<webhook*>> by_user_;
  std::unordered_map<std::string, webhook*> by_idempotency_key_;
  std::deque<std::shared_ptr<webhook_dispatch>> dispatches_;
};

} // namespace orc::emulator
