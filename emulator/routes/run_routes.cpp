#include "emulator/routes/routes.hpp"

#include <algorithm>

namespace orc::emulator {

namespace {

void get_run(platform& p, const context_ptr& ctx) {
  const auto id = std::string{ctx->param("runId")};
  const auto* x = p.runs.find(id);
  const auto not_found
    = api_error{404, "record-not-found", "Actor run was not found"};
  if (x == nullptr)
    throw not_found;
  wait_for_finish(p, ctx, *x, [&p, ctx, id, not_found] {
    if (auto* later = p.runs.find(id))
      return reply_run(p, ctx, *later);
    ctx->reply_error(not_found);
  });
}

void update_run(platform& p, const context_ptr& ctx) {
  auto& x = require_run(p, *ctx);
  const auto body = require_object(*ctx);
  if (const auto* message = find_member(body, "statusMessage"))
    x.status_message = message->IsString() ? message->GetString() : "";
  x.is_status_message_terminal = bool_member(body, "isStatusMessageTerminal",
                                             x.is_status_message_terminal);
  p.engine.save(x);
  reply_run(p, ctx, x);
}

void resurrect_run(platform& p, const context_ptr& ctx) {
  auto& x = require_run(p, *ctx);
  auto request = resurrect_request{};
  request.timeout_secs = ctx->integer("timeout");
  request.memory_mbytes = require_memory(*ctx, x.options.memory_mbytes);
  request.max_items = ctx->integer("maxItems");
  request.max_total_charge_usd = ctx->number("maxTotalChargeUsd");
  if (ctx->query().contains("restartOnError"))
    request.restart_on_error = ctx->flag("restartOnError");
  p.engine.resurrect(x, request);
  reply_run(p, ctx, x);
}

void metamorph_run(platform& p, const context_ptr& ctx) {
  auto& x = require_run(p, *ctx);
  const auto target_id = ctx->text("targetActorId");
  if (target_id.empty())
    throw api_error{400, "parameter-required",
                    "Query parameter \"targetActorId\" is required."};
  auto* target = p.actors.find(target_id, ctx->caller());
  if (target == nullptr)
    throw api_error{404, "record-not-found", "Actor was not found"};
  auto input = std::optional<stored_record>{};
  if (!ctx->request().body.empty())
    input
      = stored_record{std::string{ctx->request().headers.get("content-type")},
                      ctx->take_body()};
  p.engine.metamorph(x, *target, std::move(input));
  reply_run(p, ctx, x);
}

void charge_run(platform& p, const context_ptr& ctx) {
  auto& x = require_run(p, *ctx);
  const auto body = require_object(*ctx);
  const auto event = string_member(body, "eventName");
  const auto count = number_member(body, "count", 1);
  if (event.empty() || count < 0)
    throw api_error{400, "invalid-request",
                    "eventName and a count are required."};
  const auto key = std::string{ctx->request().headers.get("idempotency-key")};
  const auto is_known
    = !key.empty()
      && std::find(x.charge_keys.begin(), x.charge_keys.end(), key)
           != x.charge_keys.end();
  if (!is_known) {
    x.charged_events[event] += static_cast<std::int64_t>(count);
    if (!key.empty())
      x.charge_keys.push_back(key);
    p.engine.save(x);
  }
  ctx->reply_json("{}", 201);
}

} // namespace

void register_run_routes(router& routes, platform& p) {
  routes.add("GET", "/v2/actor-runs/{runId}",
             [&p](const context_ptr& ctx) { get_run(p, ctx); }, {access::open});
  const auto add = [&](std::string_view method, std::string_view pattern,
                       auto f) {
    routes.add(method, pattern, [&p, f](const context_ptr& ctx) { f(p, ctx); });
  };
  add("PUT", "/v2/actor-runs/{runId}", update_run);
  add("DELETE", "/v2/actor-runs/{runId}",
      [](platform& q, const context_ptr& ctx) {
        q.engine.remove(require_run(q, *ctx));
        ctx->reply_empty();
      });
  add("POST", "/v2/actor-runs/{runId}/abort",
      [](platform& q, const context_ptr& ctx) {
        auto& x = require_run(q, *ctx);
        q.engine.abort(x, ctx->flag("gracefully"));
        reply_run(q, ctx, x);
      });
  add("POST", "/v2/actor-runs/{runId}/reboot",
      [](platform& q, const context_ptr& ctx) {
        auto& x = require_run(q, *ctx);
        q.engine.reboot(x);
        reply_run(q, ctx, x);
      });
  add("POST", "/v2/actor-runs/{runId}/resurrect", resurrect_run);
  add("POST", "/v2/actor-runs/{runId}/metamorph", metamorph_run);
  add("POST", "/v2/actor-runs/{runId}/charge", charge_run);
}

} // namespace orc::emulator
