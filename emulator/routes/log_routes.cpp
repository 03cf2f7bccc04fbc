#include "emulator/process/container.hpp"
#include "emulator/routes/routes.hpp"

namespace orc::emulator {

namespace {

http::fields log_headers(const context& ctx, const std::string& id) {
  auto result = http::fields{{"Content-Type", "text/plain; charset=utf-8"}};
  if (ctx.flag("download"))
    result.set("Content-Disposition",
               "attachment; filename=\"" + id + ".log\"");
  return result;
}

/// Sends what is there, then what comes, until the run ends.
void stream_log(platform& p, const context_ptr& ctx, run& x) {
  ctx->exchange().start({200, log_headers(*ctx, x.id), {}});
  ctx->exchange().write(x.log);
  p.engine.logs().follow(x, [ctx](const std::string& lines, bool done) {
    if (done)
      ctx->exchange().finish();
    else
      ctx->exchange().write(lines);
  });
}

void reply_log(platform& p, const context_ptr& ctx, std::string_view id) {
  auto* x = p.runs.find(id);
  if (x == nullptr)
    throw api_error{404, "record-not-found", "Log was not found"};
  if (ctx->flag("stream") && !is_finished(x->status) && ctx->method() != "HEAD")
    return stream_log(p, ctx, *x);
  ctx->reply({200, log_headers(*ctx, x->id), x->log});
}

void connect_events(platform& p, const context_ptr& ctx) {
  const auto* x = p.runs.find(ctx->param("runId"));
  if (x == nullptr || !x->live || !x->live->work)
    refuse_events(ctx->exchange_handle());
  else
    x->live->work->connect_events(ctx->exchange_handle());
}

} // namespace

void register_log_routes(router& routes, platform& p) {
  routes.add("GET", "/v2/logs/{logId}",
             [&p](const context_ptr& ctx) {
               reply_log(p, ctx, ctx->param("logId"));
             },
             {access::open});
  routes.add("GET", "/v2/actor-runs/{runId}/log",
             [&p](const context_ptr& ctx) {
               reply_log(p, ctx, ctx->param("runId"));
             },
             {access::open});
  routes.add("GET", "/emulator/events/{runId}",
             [&p](const context_ptr& ctx) { connect_events(p, ctx); },
             {access::open, 0});
}

} // namespace orc::emulator
