#include "emulator/platform/run_json.hpp"
#include "emulator/routes/routes.hpp"

#include <algorithm>

namespace orc::emulator {

namespace {

constexpr auto max_limit = std::int64_t{1000};

std::vector<run_status> read_statuses(const context& ctx) {
  auto result = std::vector<run_status>{};
  for (const auto& text : ctx.list("status")) {
    const auto status = parse_run_status(text);
    if (!status)
      throw api_error{400, "invalid-parameter",
                      "\"" + text + "\" is no status of a run."};
    if (std::find(result.begin(), result.end(), *status) == result.end())
      result.push_back(*status);
  }
  return result;
}

std::optional<moment> read_moment(const context& ctx, std::string_view name) {
  const auto text = ctx.query().get(name);
  if (!text || text->empty())
    return std::nullopt;
  const auto result = parse_iso(*text);
  if (!result)
    throw api_error{400, "invalid-parameter",
                    "Query parameter \"" + std::string{name}
                      + "\" must be a date in the ISO 8601 format."};
  return result;
}

run_filter read_filter(const context& ctx, bool with_times) {
  auto result = run_filter{};
  const auto offset = ctx.integer("offset").value_or(0);
  const auto limit = ctx.integer("limit").value_or(max_limit);
  if (offset < 0 || limit < 0)
    throw api_error{400, "invalid-parameter",
                    "offset and limit must not be negative."};
  result.offset = static_cast<std::size_t>(offset);
  result.limit = static_cast<std::size_t>(
    limit == 0 ? max_limit : std::min(limit, max_limit));
  result.descending = ctx.flag("desc");
  result.statuses = read_statuses(ctx);
  if (with_times) {
    result.started_after = read_moment(ctx, "startedAfter");
    result.started_before = read_moment(ctx, "startedBefore");
  }
  return result;
}

void reply_runs(platform& p, const context_ptr& ctx, const run_index& runs,
                bool with_times) {
  const auto filter = read_filter(*ctx, with_times);
  const auto page = runs.list(filter);
  const auto options = run_json_options{
    true, p.options.user_agent && p.options.user_agent_in_lists};
  ctx->reply_data(list_json(page.total, filter.offset, filter.limit,
                            filter.descending, page.items.size(),
                            [&](json_writer& out) {
                              for (const auto* x : page.items)
                                write_short(out, *x, options);
                            }));
}

/// Answers as the route of one run does: `rest` is what follows its id.
void go_to_run(router& routes, const context_ptr& ctx, std::string_view id) {
  auto path = "/v2/actor-runs/" + std::string{id};
  if (const auto rest = ctx->param("rest"); !rest.empty())
    path.append("/").append(rest);
  routes.redispatch(ctx, std::move(path));
}

void go_to_last(router& routes, const context_ptr& ctx, const run_index& runs) {
  const auto* x = runs.last(read_statuses(*ctx), ctx->text("origin"));
  if (x == nullptr)
    throw api_error{404, "record-not-found", "Actor run was not found"};
  go_to_run(routes, ctx, x->id);
}

void add_storage(router& routes, platform& p, std::string_view pattern,
                 std::string_view collection,
                 std::string run_storage_ids::*id) {
  const auto go = [&routes, &p, collection, id](const context_ptr& ctx) {
    const auto* x = p.runs.find(ctx->param("runId"));
    if (x == nullptr)
      throw api_error{404, "record-not-found", "Actor run was not found"};
    auto path = std::string{collection} + x->storages.*id;
    if (const auto rest = ctx->param("rest"); !rest.empty())
      path.append("/").append(rest);
    routes.redispatch(ctx, std::move(path));
  };
  routes.add("*", pattern, go, {access::open, 400});
}

} // namespace

void register_run_list_routes(router& routes, platform& p) {
  routes.add("GET", "/v2/actor-runs", [&p](const context_ptr& ctx) {
    reply_runs(p, ctx, p.runs.of_user(ctx->me()), true);
  });
  routes.add("GET", "/v2/actors/{actorId}/runs", [&p](const context_ptr& ctx) {
    reply_runs(p, ctx, p.runs.of_actor(ctx->me(), require_actor(p, *ctx).id),
               true);
  });
  routes.add(
    "GET", "/v2/actor-tasks/{actorTaskId}/runs", [&p](const context_ptr& ctx) {
      reply_runs(p, ctx, p.runs.of_task(require_task(p, *ctx).id), false);
    });
  routes.add("*", "/v2/actors/{actorId}/runs/last/{rest*}",
             [&routes, &p](const context_ptr& ctx) {
               const auto& actor = require_actor(p, *ctx);
               go_to_last(routes, ctx, p.runs.of_actor(ctx->me(), actor.id));
             });
  routes.add("*", "/v2/actor-tasks/{actorTaskId}/runs/last/{rest*}",
             [&routes, &p](const context_ptr& ctx) {
               const auto& task = require_task(p, *ctx);
               go_to_last(routes, ctx, p.runs.of_task(task.id));
             });
  routes.add("*", "/v2/actors/{actorId}/runs/{runId}/{rest*}",
             [&routes](const context_ptr& ctx) {
               const auto id = std::string{ctx->param("runId")};
               go_to_run(routes, ctx, id);
             });
  add_storage(routes, p, "/v2/actor-runs/{runId}/dataset/{rest*}",
              "/v2/datasets/", &run_storage_ids::dataset_id);
  add_storage(routes, p, "/v2/actor-runs/{runId}/key-value-store/{rest*}",
              "/v2/key-value-stores/", &run_storage_ids::key_value_store_id);
  add_storage(routes, p, "/v2/actor-runs/{runId}/request-queue/{rest*}",
              "/v2/request-queues/", &run_storage_ids::request_queue_id);
}

} // namespace orc::emulator
