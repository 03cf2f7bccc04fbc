#include "emulator/platform/input_schema.hpp"
#include "emulator/routes/routes.hpp"

namespace orc::emulator {

namespace {

template <class Write>
std::string text_of(Write write) {
  auto out = json_writer{};
  write(out);
  return out.take();
}

void list_actors(platform& p, const context_ptr& ctx) {
  auto items = std::vector<std::string>{};
  for (const auto& [name, x] : p.actors.all())
    if (!ctx->flag("my") || x->user_id == ctx->me().id)
      items.push_back(text_of([&x](auto& out) { write_short(out, *x); }));
  reply_list(ctx, std::move(items));
}

void create_actor(platform& p, const context_ptr& ctx) {
  const auto body = require_object(*ctx);
  const auto name = string_member(body, "name");
  if (name.empty())
    throw api_error{400, "invalid-value", "An Actor needs a name."};
  if (p.actors.all().count(ctx->me().name + "/" + name) > 0)
    throw api_error{409, "actor-name-not-unique",
                    "You already have an Actor called \"" + name + "\"."};
  auto& x = p.actors.add(ctx->me().name, ctx->me().id, name);
  change_actor(x, body);
  p.saved.save("actors", to_json(x));
  ctx->reply_data(to_json(x), 201, {{"Location", "/v2/actors/" + x.id}});
}

/// @throws api_error unless the caller owns it
app& require_own(platform& p, const context& ctx) {
  auto& x = require_actor(p, ctx);
  if (x.user_id != ctx.me().id)
    throw api_error{403, "insufficient-permissions",
                    "Insufficient permissions for the Actor."};
  return x;
}

void delete_actor(platform& p, const context_ptr& ctx) {
  const auto& x = require_own(p, *ctx);
  for (const auto& [id, run] : p.runs.all())
    if (run->actor == &x)
      throw api_error{400, "operation-not-allowed",
                      "The emulator keeps Actors that have runs."};
  p.saved.remove("actors", x.id);
  p.actors.remove(x);
  ctx->reply_empty();
}

void validate_input(platform& p, const context_ptr& ctx) {
  const auto& x = require_actor(p, *ctx);
  auto input = require_object(*ctx);
  const auto problem = x.build.schema
                         ? apply_input_schema(*x.build.schema, input)
                         : std::string{};
  if (!problem.empty())
    throw api_error{400, "invalid-input", "Input is not valid: " + problem};
  ctx->reply_json(R"({"valid":true})");
}

const app& require_build(platform& p, std::string_view id) {
  for (const auto& [name, x] : p.actors.all())
    if (x->build.id == id)
      return *x;
  throw api_error{404, "record-not-found", "Build was not found"};
}

void list_builds(const context_ptr& ctx, const std::vector<const app*>& apps) {
  auto items = std::vector<std::string>{};
  for (const auto* x : apps)
    items.push_back(text_of([x](auto& out) { write_build_short(out, *x); }));
  reply_list(ctx, std::move(items));
}

void register_build_routes(router& routes, platform& p) {
  routes.add("GET", "/v2/actors/{actorId}/builds",
             [&p](const context_ptr& ctx) {
               list_builds(ctx, {&require_actor(p, *ctx)});
             });
  routes.add("GET", "/v2/actors/{actorId}/builds/{buildId}",
             [&p](const context_ptr& ctx) {
               const auto& x = require_actor(p, *ctx);
               const auto id = ctx->param("buildId");
               ctx->reply_data(
                 build_to_json(id == "default" ? x : require_build(p, id)));
             },
             {access::open});
  routes.add("GET", "/v2/actor-builds/{buildId}",
             [&p](const context_ptr& ctx) {
               ctx->reply_data(
                 build_to_json(require_build(p, ctx->param("buildId"))));
             },
             {access::open});
  routes.add("GET", "/v2/actor-builds", [&p](const context_ptr& ctx) {
    auto own = std::vector<const app*>{};
    for (const auto& [name, x] : p.actors.all())
      if (x->user_id == ctx->me().id)
        own.push_back(x.get());
    list_builds(ctx, own);
  });
}

} // namespace

void register_actor_routes(router& routes, platform& p) {
  routes.add("GET", "/v2/actors",
             [&p](const context_ptr& ctx) { list_actors(p, ctx); });
  routes.add("POST", "/v2/actors",
             [&p](const context_ptr& ctx) { create_actor(p, ctx); });
  routes.add("GET", "/v2/actors/{actorId}",
             [&p](const context_ptr& ctx) {
               ctx->reply_data(to_json(require_actor(p, *ctx)));
             },
             {access::open});
  routes.add("PUT", "/v2/actors/{actorId}", [&p](const context_ptr& ctx) {
    auto& x = require_own(p, *ctx);
    change_actor(x, require_object(*ctx));
    p.saved.save("actors", to_json(x));
    ctx->reply_data(to_json(x));
  });
  routes.add("DELETE", "/v2/actors/{actorId}",
             [&p](const context_ptr& ctx) { delete_actor(p, ctx); });
  routes.add("POST", "/v2/actors/{actorId}/validate-input",
             [&p](const context_ptr& ctx) { validate_input(p, ctx); });
  register_build_routes(routes, p);
}

} // namespace orc::emulator
