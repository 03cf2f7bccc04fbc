#include "emulator/platform/run_json.hpp"
#include "emulator/routes/routes.hpp"

#include <algorithm>

namespace orc::emulator {

namespace {

constexpr auto max_limit = std::size_t{1000};

std::size_t
size_of(const context& ctx, std::string_view name, std::size_t fallback) {
  const auto x
    = ctx.integer(name).value_or(static_cast<std::int64_t>(fallback));
  return static_cast<std::size_t>(std::max<std::int64_t>(x, 0));
}

} // namespace

app& require_actor(platform& p, const context& ctx) {
  auto* result = p.actors.find(ctx.param("actorId"), ctx.caller());
  if (result == nullptr)
    throw api_error{404, "record-not-found", "Actor was not found"};
  return *result;
}

actor_task& require_task(platform& p, const context& ctx) {
  auto* result = p.tasks.find(ctx.param("actorTaskId"), ctx.caller());
  if (result == nullptr || result->user_id != ctx.me().id)
    throw api_error{404, "record-not-found", "Actor task was not found"};
  return *result;
}

run& require_run(platform& p, const context& ctx) {
  auto* result = p.runs.find(ctx.param("runId"));
  if (result == nullptr || result->owner != ctx.caller())
    throw api_error{404, "record-not-found", "Actor run was not found"};
  return *result;
}

json_document require_object(context& ctx) {
  auto result = json_document{};
  const auto& body = ctx.request().body;
  auto error = std::string{};
  if (body.empty())
    result.SetObject();
  else if (!parse_json(body, result, &error))
    throw api_error{400, "invalid-request", "The body is no JSON: " + error};
  if (!result.IsObject())
    throw api_error{400, "invalid-request", "The body must be a JSON object."};
  return result;
}

std::int64_t require_memory(const context& ctx, std::int64_t fallback) {
  const auto asked
    = ctx.number("memory").value_or(static_cast<double>(fallback));
  const auto memory = static_cast<std::int64_t>(asked);
  const auto is_power_of_2 = memory > 0 && (memory & (memory - 1)) == 0;
  if (asked != static_cast<double>(memory) || !is_power_of_2 || memory < 128
      || memory > 32768)
    throw api_error{400, "invalid-value",
                    "The run's memory must be a power of 2 between 128 and "
                    "32768 megabytes, but "
                      + ctx.text("memory", std::to_string(memory))
                      + " was given."};
  return memory;
}

void reply_run(platform& p, const context_ptr& ctx, run& x, int status,
               http::fields headers) {
  p.engine.refresh(x);
  const auto options
    = run_json_options{ctx->caller() == x.owner, p.options.user_agent};
  ctx->reply_data(to_json(x, options), status, std::move(headers));
}

void wait_for_finish(platform& p, const context_ptr& ctx, const run& x,
                     std::function<void()> then) {
  const auto secs = std::clamp<std::int64_t>(
    ctx->integer("waitForFinish").value_or(0), 0, 60);
  if (secs == 0 || is_finished(x.status))
    return then();
  p.engine.waiters().wait(x.id, now() + std::chrono::seconds{secs},
                          std::move(then));
}

std::string list_json(std::size_t total, std::size_t offset, std::size_t limit,
                      bool desc, std::size_t count,
                      const std::function<void(json_writer&)>& write_items) {
  auto out = json_writer{};
  out.object()
    .member("total", total)
    .member("offset", offset)
    .member("limit", limit)
    .member("desc", desc)
    .member("count", count)
    .key("items")
    .array();
  write_items(out);
  out.end_array().end_object();
  return out.take();
}

void reply_list(const context_ptr& ctx, std::vector<std::string> items) {
  const auto total = items.size();
  const auto desc = ctx->flag("desc");
  const auto offset = size_of(*ctx, "offset", 0);
  const auto limit = std::min(size_of(*ctx, "limit", max_limit), max_limit);
  if (desc)
    std::reverse(items.begin(), items.end());
  const auto first = std::min(offset, total);
  const auto last = std::min(first + limit, total);
  ctx->reply_data(
    list_json(total, offset, limit, desc, last - first, [&](json_writer& out) {
      for (auto i = first; i < last; ++i)
        out.raw(items[i]);
    }));
}

} // namespace orc::emulator
