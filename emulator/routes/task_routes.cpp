#include "emulator/routes/routes.hpp"

namespace orc::emulator {

namespace {

void create_task(platform& p, const context_ptr& ctx) {
  const auto body = require_object(*ctx);
  const auto* actor
    = p.actors.find(string_member(body, "actId"), ctx->caller());
  if (actor == nullptr)
    throw api_error{404, "record-not-found", "Actor was not found"};
  const auto& task = p.tasks.create(ctx->me(), actor->id, body);
  p.saved.save("tasks", to_json(task));
  ctx->reply_data(to_json(task), 201,
                  {{"Location", "/v2/actor-tasks/" + task.id}});
}

void list_tasks(platform& p, const context_ptr& ctx) {
  auto items = std::vector<std::string>{};
  for (const auto& [id, task] : p.tasks.all())
    if (task->user_id == ctx->me().id)
      items.push_back(to_json(*task));
  reply_list(ctx, std::move(items));
}

} // namespace

void register_task_routes(router& routes, platform& p) {
  routes.add("GET", "/v2/actor-tasks",
             [&p](const context_ptr& ctx) { list_tasks(p, ctx); });
  routes.add("POST", "/v2/actor-tasks",
             [&p](const context_ptr& ctx) { create_task(p, ctx); });
  routes.add("GET", "/v2/actor-tasks/{actorTaskId}",
             [&p](const context_ptr& ctx) {
               ctx->reply_data(to_json(require_task(p, *ctx)));
             });
  routes.add("PUT", "/v2/actor-tasks/{actorTaskId}",
             [&p](const context_ptr& ctx) {
               auto& task = require_task(p, *ctx);
               p.tasks.update(task, require_object(*ctx));
               p.saved.save("tasks", to_json(task));
               ctx->reply_data(to_json(task));
             });
  routes.add("DELETE", "/v2/actor-tasks/{actorTaskId}",
             [&p](const context_ptr& ctx) {
               const auto& task = require_task(p, *ctx);
               p.saved.remove("tasks", task.id);
               p.tasks.remove(task);
               ctx->reply_empty();
             });
  routes.add("GET", "/v2/actor-tasks/{actorTaskId}/input",
             [&p](const context_ptr& ctx) {
               ctx->reply_json(require_task(p, *ctx).input);
             });
  routes.add("PUT", "/v2/actor-tasks/{actorTaskId}/input",
             [&p](const context_ptr& ctx) {
               auto& task = require_task(p, *ctx);
               task.input = to_text(require_object(*ctx));
               task.modified_at = now();
               p.saved.save("tasks", to_json(task));
               ctx->reply_json(task.input);
             });
}

} // namespace orc::emulator
