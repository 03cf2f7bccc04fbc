#include "emulator/platform/webhook.hpp"

namespace orc::emulator {

namespace {

void write_condition(json_writer& out, const webhook& x) {
  out.key("condition").object();
  if (!x.actor_id.empty())
    out.member("actorId", x.actor_id);
  if (!x.task_id.empty())
    out.member("actorTaskId", x.task_id);
  if (!x.run_id.empty())
    out.member("actorRunId", x.run_id);
  out.end_object();
}

void write_text(json_writer& out, std::string_view name,
                const std::string& text) {
  if (!text.empty())
    out.member(name, text);
}

void write_call(json_writer& out, const webhook_call& x) {
  out.object()
    .member("startedAt", to_iso(x.started_at))
    .member("finishedAt", to_iso(x.finished_at));
  out.key("errorMessage");
  x.error.empty() ? out.null() : out.value(x.error);
  out.key("responseStatus");
  x.status == 0 ? out.null() : out.value(x.status);
  out.key("responseBody");
  x.status == 0 ? out.null() : out.value(x.body);
  out.end_object();
}

} // namespace

std::string to_json(const webhook& x) {
  auto out = json_writer{};
  out.object()
    .member("id", x.id)
    .member("userId", x.user_id)
    .member("createdAt", to_iso(x.created_at))
    .member("modifiedAt", to_iso(x.modified_at))
    .member("isAdHoc", x.is_ad_hoc)
    .member("shouldInterpolateStrings", x.interpolate_strings);
  out.key("eventTypes").array();
  for (const auto& type : x.event_types)
    out.value(type);
  out.end_array();
  write_condition(out, x);
  out.member("ignoreSslErrors", x.ignore_ssl_errors)
    .member("doNotRetry", x.do_not_retry)
    .member("requestUrl", x.request_url);
  write_text(out, "payloadTemplate", x.payload_template);
  write_text(out, "headersTemplate", x.headers_template);
  write_text(out, "description", x.description);
  write_text(out, "idempotencyKey", x.idempotency_key);
  out.key("stats")
    .object()
    .member("totalDispatches", x.dispatches)
    .end_object();
  out.end_object();
  return out.take();
}

std::string to_json(const webhook_dispatch& x) {
  auto out = json_writer{};
  out.object()
    .member("id", x.id)
    .member("userId", x.user_id)
    .member("webhookId", x.webhook_id)
    .member("createdAt", to_iso(x.created_at))
    .member("status", x.status)
    .member("eventType", x.event.type);
  out.key("eventData").object().member("actorId", x.event.actor_id);
  if (!x.event.task_id.empty())
    out.member("actorTaskId", x.event.task_id);
  out.member("actorRunId", x.event.run_id).end_object();
  out.key("webhook").object().member("requestUrl", x.request_url).end_object();
  out.key("calls").array();
  for (const auto& call : x.calls)
    write_call(out, call);
  out.end_array().end_object();
  return out.take();
}

} // namespace orc::emulator
