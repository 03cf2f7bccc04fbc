#include "emulator/platform/base64.hpp"
#include "emulator/platform/input_schema.hpp"
#include "emulator/routes/routes.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace orc::emulator {

namespace {

/// How long `run-sync` waits.
constexpr auto sync_time = std::chrono::seconds{300};

/// What is done with a run once it is started.
using answer = std::function<void(const context_ptr&, run&)>;

std::string origin_of(const http::request& request) {
  constexpr auto known = std::array<std::string_view, 10>{
    "DEVELOPMENT", "WEB",   "API", "SCHEDULER", "TEST",
    "WEBHOOK",     "ACTOR", "CLI", "STANDBY",   "CI"};
  const auto named = request.headers.get("x-apify-request-origin");
  if (std::find(known.begin(), known.end(), named) != known.end())
    return std::string{named};
  // The official clients say where they run.
  const auto agent = request.headers.get("user-agent");
  return agent.find("isAtHome/true") == std::string_view::npos ? "API"
                                                               : "ACTOR";
}

void check_build(const app& actor, const std::string& build) {
  if (actor.program && build != actor.build.tag && build != actor.build.number
      && build != "latest")
    throw api_error{400, "unknown-build-tag",
                    "Build with tag \"" + build + "\" was not found."};
}

run_options
read_options(const context& ctx, const app& actor, const actor_task* task) {
  auto result = run_options{};
  const auto saved = task == nullptr ? actor_task{} : *task;
  result.build = ctx.text("build", saved.build.value_or(actor.build.tag));
  check_build(actor, result.build);
  result.memory_mbytes
    = std::clamp(require_memory(ctx, saved.memory_mbytes.value_or(
                                       actor.default_memory_mbytes)),
                 actor.min_memory_mbytes, actor.max_memory_mbytes);
  result.timeout_secs = ctx.integer("timeout").value_or(
    saved.timeout_secs.value_or(actor.default_timeout_secs));
  result.max_items = ctx.integer("maxItems");
  if (!result.max_items)
    result.max_items = saved.max_items;
  result.max_total_charge_usd = ctx.number("maxTotalChargeUsd");
  if (!result.max_total_charge_usd)
    result.max_total_charge_usd = saved.max_total_charge_usd;
  result.restart_on_error = ctx.flag(
    "restartOnError", saved.restart_on_error.value_or(actor.restart_on_error));
  if (result.timeout_secs < 0)
    throw api_error{400, "invalid-value", "timeout must not be negative."};
  if (result.max_items && *result.max_items <= 0)
    throw api_error{400, "max-items-must-be-greater-than-zero",
                    "maxItems must be greater than zero."};
  return result;
}

/// Checks an input and fills in what the schema presets.
std::string
checked_input(const app& actor, std::string_view text, bool is_json) {
  auto document = json_document{};
  auto error = std::string{};
  if (text.empty())
    document.SetObject();
  else if (!is_json)
    return std::string{text};
  else if (!parse_json(text, document, &error))
    throw api_error{400, "run-input-body-not-valid-json",
                    "The run input is not valid JSON: " + error};
  if (!actor.build.schema)
    return std::string{text};
  error = apply_input_schema(*actor.build.schema, document);
  if (!error.empty())
    throw api_error{400, "invalid-input", "Input is not valid: " + error};
  return to_text(document);
}

std::optional<stored_record>
read_input(context& ctx, const app& actor, const actor_task* task) {
  auto type = std::string{ctx.request().headers.get("content-type")};
  const auto is_json = type.empty() || ctx.content_type() == "application/json";
  auto text = task == nullptr ? ctx.take_body()
                              : merge_input(task->input, ctx.request().body);
  if (task != nullptr || type.empty() || text.empty())
    type = "application/json; charset=utf-8";
  text = checked_input(actor, text, is_json || task != nullptr);
  if (text.empty())
    return std::nullopt;
  return stored_record{std::move(type), std::move(text)};
}

/// @returns the ad-hoc webhooks of a request.
json_document read_webhooks(const context& ctx) {
  auto result = json_document{};
  result.SetArray();
  const auto text = ctx.query().get("webhooks");
  if (text && !text->empty()
      && (!parse_json(decode_base64(*text), result) || !result.IsArray()))
    throw api_error{400, "invalid-value",
                    "webhooks must be a base64-encoded JSON array."};
  return result;
}

/// @returns the fault that the script of a run wants for this request.
std::optional<fault> draw_fault(platform& p, const std::string& input) {
  if (input.find("\"fault\"") == std::string::npos)
    return std::nullopt;
  const auto what = read_script(input, {});
  if (!what.start_fault || p.script_faults[what.key]++ >= what.fault_times)
    return std::nullopt;
  return what.start_fault;
}

void start_now(platform& p, const context_ptr& ctx, start_request request,
               const answer& then) {
  const auto hooks = std::make_shared<json_document>(read_webhooks(*ctx));
  request.prepare
    = [&p, hooks](run& x) { p.webhooks.create_ad_hoc(*x.owner, x.id, *hooks); };
  then(ctx, p.engine.start(std::move(request)));
}

/// Starts a run, unless its script lets the request fail.
void start_unless_fault(platform& p, const context_ptr& ctx,
                        start_request request, const answer& then) {
  const auto wrong = request.input && !request.actor->program
                       ? draw_fault(p, request.input->body)
                       : std::nullopt;
  if (!wrong || apply_before(*wrong, ctx))
    return start_now(p, ctx, std::move(request), then);
  if (wrong->kind != fault_kind::slow)
    return;
  const auto later = std::make_shared<start_request>(std::move(request));
  p.plan.at(now() + wrong->delay, [&p, ctx, later, then] {
    try {
      start_now(p, ctx, std::move(*later), then);
    } catch (const api_error& error) {
      ctx->reply_error(error);
    }
  });
}

void start(platform& p, const context_ptr& ctx, app& actor, actor_task* task,
           const answer& then) {
  auto request = start_request{};
  request.owner = &ctx->me();
  request.actor = &actor;
  request.options = read_options(*ctx, actor, task);
  request.input = read_input(*ctx, actor, task);
  request.meta = {origin_of(ctx->request()), ctx->request().remote_address,
                  std::string{ctx->request().headers.get("user-agent")}};
  if (task != nullptr) {
    request.task_id = task->id;
    ++task->total_runs;
  }
  start_unless_fault(p, ctx, std::move(request), then);
}

/// Answers `POST .../runs`.
void reply_started(platform& p, const context_ptr& ctx, run& started) {
  wait_for_finish(p, ctx, started, [&p, ctx, id = started.id] {
    if (auto* x = p.runs.find(id))
      return reply_run(
        p, ctx, *x, 201,
        {{"Location", "/v2/actors/" + x->actor_id + "/runs/" + id}});
    ctx->reply_error(404, "record-not-found", "Actor run was not found");
  });
}

/// Answers `run-sync` by a record or by items, once the run has ended.
void reply_in_sync(platform& p, router& routes, const context_ptr& ctx,
                   const run& started, bool items) {
  const auto done = [&p, &routes, ctx, items, id = started.id] {
    const auto* x = p.runs.find(id);
    if (x == nullptr || !is_finished(x->status))
      return ctx->reply_error(408, "run-timeout-exceeded",
                              "Actor run exceeded the timeout of 300 seconds "
                              "for this API endpoint");
    if (x->status != run_status::succeeded)
      return ctx->reply_error(400, "run-failed",
                              "Actor run did not succeed (run ID: " + id
                                + ", status: "
                                + std::string{to_string(x->status)} + ").");
    if (items)
      return routes.redispatch(
        ctx, "/v2/datasets/" + x->storages.dataset_id + "/items", "GET");
    routes.redispatch(ctx,
                      "/v2/key-value-stores/" + x->storages.key_value_store_id
                        + "/records/" + ctx->text("outputRecordKey", "OUTPUT"),
                      "GET");
  };
  p.engine.waiters().wait(started.id, now() + sync_time, done);
}

} // namespace

void register_start_routes(router& routes, platform& p) {
  constexpr auto options = route_options{access::token, 400};
  const auto add = [&](std::string_view method, std::string_view actor_path,
                       std::string_view task_path, const answer& then) {
    routes.add(
      method, actor_path,
      [&p, then](const context_ptr& ctx) {
        start(p, ctx, require_actor(p, *ctx), nullptr, then);
      },
      options);
    routes.add(
      method, task_path,
      [&p, then](const context_ptr& ctx) {
        auto& task = require_task(p, *ctx);
        auto* actor = p.actors.find(task.actor_id, ctx->caller());
        if (actor == nullptr)
          throw api_error{404, "record-not-found", "Actor was not found"};
        start(p, ctx, *actor, &task, then);
      },
      options);
  };
  add("POST", "/v2/actors/{actorId}/runs", "/v2/actor-tasks/{actorTaskId}/runs",
      [&p](const context_ptr& ctx, run& x) { reply_started(p, ctx, x); });
  for (const auto* method : {"POST", "GET"}) {
    add(method, "/v2/actors/{actorId}/run-sync",
        "/v2/actor-tasks/{actorTaskId}/run-sync",
        [&p, &routes](const context_ptr& ctx, run& x) {
          reply_in_sync(p, routes, ctx, x, false);
        });
    add(method, "/v2/actors/{actorId}/run-sync-get-dataset-items",
        "/v2/actor-tasks/{actorTaskId}/run-sync-get-dataset-items",
        [&p, &routes](const context_ptr& ctx, run& x) {
          reply_in_sync(p, routes, ctx, x, true);
        });
  }
}

} // namespace orc::emulator
