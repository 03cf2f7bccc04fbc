#pragma once

#include "emulator/api/clock.hpp"
#include "emulator/api/json.hpp"
#include "emulator/api/user.hpp"
#include "emulator/platform/agenda.hpp"
#include "emulator/platform/journal.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace orc::emulator {

struct webhook {
  std::string id;
  std::string user_id;
  /// For calls to the emulator's own API.
  std::string token;
  moment created_at;
  moment modified_at;
  std::vector<std::string> event_types;
  std::string actor_id;
  std::string task_id;
  std::string run_id;
  std::string request_url;
  std::string payload_template;
  std::string headers_template;
  std::string description;
  std::string idempotency_key;
  bool is_ad_hoc = false;
  bool ignore_ssl_errors = false;
  bool do_not_retry = false;
  bool interpolate_strings = false;
  std::uint64_t dispatches = 0;
};

/// What happened, as webhooks tell it.
struct webhook_event {
  std::string type;
  std::string actor_id;
  std::string task_id;
  std::string run_id;
  /// JSON of the run.
  std::string resource;
};

struct webhook_call {
  moment started_at;
  moment finished_at;
  /// 0 if there was no answer.
  int status = 0;
  std::string error;
  std::string body;
};

/// The delivery of one event to one webhook.
struct webhook_dispatch {
  std::string id;
  std::string user_id;
  std::string webhook_id;
  std::string request_url;
  webhook_event event;
  moment created_at;
  /// `ACTIVE`, `SUCCEEDED` or `FAILED`.
  std::string_view status = "ACTIVE";
  std::vector<webhook_call> calls;
};

/// A POST to send.
struct webhook_request {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  /// To be sent along to the platform's own API, and nowhere else.
  std::string token;
};

/// Sends the requests of webhooks.
class webhook_sender {
public:
  virtual ~webhook_sender() = default;

  /// Calls `done` once, later, on the emulator's thread.
  virtual void
  send(webhook_request request, std::function<void(webhook_call)> done)
    = 0;
};

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

/// @returns the payload of an event, made with the webhook's template.
std::string make_payload(const webhook& to, const webhook_dispatch& what);

/// @returns the headers of the request, made with the webhook's template.
std::vector<std::pair<std::string, std::string>>
make_headers(const webhook& to, const webhook_dispatch& what);

/// Replaces `{{name}}` and `{{name.of.member}}` by JSON, or, within JSON
/// strings if `in_strings`, by plain text.
/// @param variables JSON object
std::string fill_template(std::string_view text, const json_value& variables,
                          bool in_strings);

std::string to_json(const webhook& x);

std::string to_json(const webhook_dispatch& x);

} // namespace orc::emulator
