#pragma once

#include "emulator/api/clock.hpp"
#include "emulator/api/json.hpp"

#include <cstdint>
#include <string>
#include <string_view>
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
