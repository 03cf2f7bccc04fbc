#include "emulator/routes/routes.hpp"

namespace orc::emulator {

namespace {

webhook& require_webhook(platform& p, const context& ctx) {
  auto* result = p.webhooks.find(ctx.param("webhookId"), ctx.me());
  if (result == nullptr)
    throw api_error{404, "record-not-found", "Webhook was not found"};
  return *result;
}

void create_webhook(platform& p, const context_ptr& ctx) {
  const auto [x, is_new] = p.webhooks.create(ctx->me(), require_object(*ctx));
  ctx->reply_data(to_json(*x), is_new ? 201 : 200,
                  {{"Location", "/v2/webhooks/" + x->id}});
}

/// Lists the caller's webhooks that `wanted` picks.
template <class Wanted>
void list_webhooks(platform& p, const context_ptr& ctx, Wanted wanted) {
  auto items = std::vector<std::string>{};
  for (const auto& [id, x] : p.webhooks.all())
    if (x->user_id == ctx->me().id && wanted(*x))
      items.push_back(to_json(*x));
  reply_list(ctx, std::move(items));
}

/// @param webhook_id of one webhook, or empty for all
void list_dispatches(platform& p, const context_ptr& ctx,
                     std::string_view webhook_id) {
  auto items = std::vector<std::string>{};
  for (const auto& x : p.webhooks.dispatches())
    if (x->user_id == ctx->me().id
        && (webhook_id.empty() || x->webhook_id == webhook_id))
      items.push_back(to_json(*x));
  reply_list(ctx, std::move(items));
}

void get_dispatch(platform& p, const context_ptr& ctx) {
  const auto* x = p.webhooks.find_dispatch(ctx->param("dispatchId"), ctx->me());
  if (x == nullptr)
    throw api_error{404, "record-not-found", "Webhook dispatch was not found"};
  ctx->reply_data(to_json(*x));
}

void register_one(router& routes, platform& p) {
  routes.add("GET", "/v2/webhooks/{webhookId}", [&p](const context_ptr& ctx) {
    ctx->reply_data(to_json(require_webhook(p, *ctx)));
  });
  routes.add("PUT", "/v2/webhooks/{webhookId}", [&p](const context_ptr& ctx) {
    auto& x = require_webhook(p, *ctx);
    p.webhooks.update(x, require_object(*ctx));
    // Taken out and put in again: found anew.
    ctx->reply_data(to_json(require_webhook(p, *ctx)));
  });
  routes.add("DELETE", "/v2/webhooks/{webhookId}",
             [&p](const context_ptr& ctx) {
               p.webhooks.remove(require_webhook(p, *ctx));
               ctx->reply_empty();
             });
  routes.add("POST", "/v2/webhooks/{webhookId}/test",
             [&p](const context_ptr& ctx) {
               auto& x = require_webhook(p, *ctx);
               ctx->reply_data(to_json(p.webhooks.test(x)), 201);
             });
  routes.add("GET", "/v2/webhooks/{webhookId}/dispatches",
             [&p](const context_ptr& ctx) {
               list_dispatches(p, ctx, require_webhook(p, *ctx).id);
             });
}

} // namespace

void register_webhook_routes(router& routes, platform& p) {
  routes.add("POST", "/v2/webhooks",
             [&p](const context_ptr& ctx) { create_webhook(p, ctx); });
  routes.add("GET", "/v2/webhooks", [&p](const context_ptr& ctx) {
    list_webhooks(p, ctx, [](const webhook& x) { return !x.is_ad_hoc; });
  });
  routes.add("GET", "/v2/actors/{actorId}/webhooks",
             [&p](const context_ptr& ctx) {
               const auto id = require_actor(p, *ctx).id;
               list_webhooks(p, ctx, [&id](const webhook& x) {
                 return x.actor_id == id;
               });
             });
  routes.add("GET", "/v2/actor-tasks/{actorTaskId}/webhooks",
             [&p](const context_ptr& ctx) {
               const auto id = require_task(p, *ctx).id;
               list_webhooks(p, ctx, [&id](const webhook& x) {
                 return x.task_id == id;
               });
             });
  routes.add("GET", "/v2/webhook-dispatches",
             [&p](const context_ptr& ctx) { list_dispatches(p, ctx, {}); });
  routes.add("GET", "/v2/webhook-dispatches/{dispatchId}",
             [&p](const context_ptr& ctx) { get_dispatch(p, ctx); });
  register_one(routes, p);
}

} // namespace orc::emulator
